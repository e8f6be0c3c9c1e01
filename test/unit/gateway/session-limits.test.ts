import { describe, expect, it } from 'vitest';

import { Command, isErr, OK_HEADER, readErr, ServerStatus, writeErr } from '../../../src/lib/mysql/index.ts';
import { okPacket } from '../../support/fake-backend.ts';
import { startGatewayHarness, until, type GatewayHarness } from '../../support/gateway-harness.ts';
import type { RawClient } from '../../support/raw-client.ts';

const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);

async function ask(client: RawClient, sql: string): Promise<Buffer> {
  client.send(query(sql));
  return (await client.read()).payload;
}

function park({ gateway, host }: GatewayHarness): void {
  gateway.hold('c1');
  host.isActive = false;
  gateway.parkSessions('c1', 'suspended');
  gateway.release('c1');
}

describe('a place among the sessions', () => {
  it('is asked for before anything is woken, and a refusal has the errno that drivers know', async () => {
    await using harness = await startGatewayHarness();
    harness.host.maxSessions = 0;
    await expect(harness.login()).rejects.toThrow('1040 Too many connections');
    expect(harness.host.wakes).toBe(0);
    expect(harness.host.admitted.size).toBe(0);
  });

  it('is not asked for by who has the wrong password', async () => {
    await using harness = await startGatewayHarness();
    harness.host.maxSessions = 0;
    await expect(harness.login('app', 'wrong')).rejects.toThrow('1045');
  });

  it('is kept while the session is parked, and given back at its end', async () => {
    await using harness = await startGatewayHarness();
    harness.host.maxSessions = 1;
    await using client = await harness.login();
    park(harness);
    await expect(harness.login()).rejects.toThrow('1040');
    expect(harness.host.wakes).toBe(1);
    client.send(Buffer.of(Command.QUIT));
    await until(() => harness.host.admitted.size === 0);
    await using next = await harness.login();
    expect(harness.host.admitted).toEqual(new Set([next.greeting.connectionId]));
  });

  it('is given back when the server refuses, when the wake fails, and when the client goes meanwhile', async () => {
    await using harness = await startGatewayHarness();
    harness.backend.refusal = writeErr({ errno: 1129, sqlState: 'HY000', message: 'blocked' });
    await expect(harness.login()).rejects.toThrow('1129');
    expect(harness.host.admitted.size).toBe(0);
    harness.backend.refusal = null;
    harness.host.isActive = false;
    harness.host.onWake = () => Promise.reject(new Error('no room'));
    await expect(harness.login()).rejects.toThrow('no room');
    expect(harness.host.admitted.size).toBe(0);
    const wake = Promise.withResolvers<undefined>();
    harness.host.onWake = () => wake.promise;
    const leaving = harness.login();
    await until(() => harness.host.admitted.size === 1);
    await harness.gateway.shutDown();
    await expect(leaving).rejects.toThrow('closed');
    await until(() => harness.host.admitted.size === 0);
    wake.resolve(undefined);
  });
});

describe('sessions that nobody uses', () => {
  it('end with MySQL’s error for that, and only those', async () => {
    await using harness = await startGatewayHarness();
    await using idle = await harness.login();
    const { gateway } = harness;
    await using open = await harness.login();
    harness.backend.answer = () => [okPacket(ServerStatus.IN_TRANSACTION)];
    await ask(open, 'BEGIN');
    expect(gateway.endIdleSessions('c1', 3_600_000)).toBe(0);
    expect(gateway.endIdleSessions('c2', 0)).toBe(0);
    expect(gateway.endIdleSessions('c1', 0)).toBe(1);
    const error = readErr((await idle.read()).payload);
    expect(error).toMatchObject({ errno: 4031, sqlState: 'HY000' });
    expect(error.message).toMatch(
      /^The client was disconnected by the server because of inactivity\. See wait_timeout/,
    );
    expect(gateway.sessions('c1')).toMatchObject([{ id: open.greeting.connectionId, state: 'transaction' }]);
  });

  it('end without a wake while they are parked, and never while they wait for one', async () => {
    await using harness = await startGatewayHarness();
    await using idle = await harness.login();
    await using waiting = await harness.login();
    park(harness);
    const wake = Promise.withResolvers<undefined>();
    harness.host.onWake = () => wake.promise;
    waiting.send(query('SELECT 1'));
    await until(() => harness.gateway.sessions('c1').some(({ state }) => state === 'busy'));
    expect(harness.gateway.endIdleSessions('c1', 0)).toBe(1);
    expect(readErr((await idle.read()).payload).errno).toBe(4031);
    wake.resolve(undefined);
    const { payload } = await waiting.read();
    expect(isErr(payload) ? readErr(payload).message : payload[0]).toBe(OK_HEADER);
  });
});

describe('what a session holds while it waits', () => {
  /** One read of a socket, and what was begun before it. */
  const BOUND = 2 * 64 * 1024;
  const LENGTH = 12 * 1024 * 1024;

  it.each(['held', 'parked'] as const)('is bounded however much its client sends: %s', async (how) => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    const wake = Promise.withResolvers<undefined>();
    if (how === 'held') harness.gateway.hold('c1');
    else park(harness);
    harness.host.onWake = () => wake.promise;
    const before = harness.gateway.traffic('c1').bytesIn;
    client.send(query('x'.repeat(LENGTH)));
    // The kernel's buffers fill, and then nothing moves any more.
    let left = -1;
    await until(() => {
      const isStill = left === client.socket.writableLength && harness.gateway.traffic('c1').bytesIn > before;
      left = client.socket.writableLength;
      return isStill;
    });
    expect(harness.gateway.traffic('c1').bytesIn - before).toBeLessThanOrEqual(BOUND);
    expect(harness.backend.commands).toEqual([]);
    harness.gateway.release('c1');
    wake.resolve(undefined);
    expect((await client.read()).payload[0]).toBe(OK_HEADER);
    expect(harness.gateway.traffic('c1').bytesIn - before).toBe(LENGTH + 1 + 4);
    expect(harness.backend.commands).toHaveLength(1);
  });
});
