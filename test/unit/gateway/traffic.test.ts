import { describe, expect, it } from 'vitest';

import { Command } from '../../../src/lib/mysql/index.ts';
import { startGatewayHarness } from '../../support/gateway-harness.ts';

const select = Buffer.concat([Buffer.of(Command.QUERY), Buffer.from('SELECT 1')]);
const ping = Buffer.of(Command.PING);

describe('what clients did', () => {
  it('is told once: commands but no pings, and all bytes of the session after its login', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    expect(harness.gateway.takeTraffic()).toEqual([]);
    client.send(select);
    const { payload } = await client.read();
    client.send(ping);
    const pong = await client.read();
    const bytesIn = 4 + select.length + 4 + ping.length;
    const bytesOut = 4 + payload.length + 4 + pong.payload.length;
    expect(harness.gateway.takeTraffic()).toEqual([{ computeId: 'c1', bytesIn, bytesOut, queries: 1 }]);
    expect(harness.gateway.takeTraffic()).toEqual([]);
    client.send(select);
    await client.read();
    expect(harness.gateway.takeTraffic()).toMatchObject([{ queries: 1, bytesIn: 4 + select.length }]);
    expect(harness.gateway.traffic('c1')).toMatchObject({ commands: 2 });
  });

  it('has what the gateway answers in a server’s place', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    harness.gateway.parkSessions('c1', 'suspended');
    client.send(ping);
    const { payload } = await client.read();
    const expected = { bytesIn: 4 + ping.length, bytesOut: 4 + payload.length, queries: 0 };
    expect(harness.gateway.takeTraffic()).toEqual([{ computeId: 'c1', ...expected }]);
  });

  it('at a compute that has gone since is told all the same', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    client.send(select);
    await client.read();
    await harness.gateway.close('c1');
    expect(harness.gateway.takeTraffic()).toMatchObject([{ computeId: 'c1', queries: 1 }]);
    expect(harness.gateway.takeTraffic()).toEqual([]);
  });
});
