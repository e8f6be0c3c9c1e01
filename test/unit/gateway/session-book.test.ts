import { describe, expect, it } from 'vitest';

import { Command, isErr, OK_HEADER, readErr, ServerStatus } from '../../../src/lib/mysql/index.ts';
import { okPacket } from '../../support/fake-backend.ts';
import { startGatewayHarness, until, type GatewayHarness } from '../../support/gateway-harness.ts';
import type { RawClient } from '../../support/raw-client.ts';

const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);

async function ask(client: RawClient, sql: string): Promise<Buffer> {
  client.send(query(sql));
  return (await client.read()).payload;
}

function only({ gateway }: GatewayHarness) {
  const [session] = gateway.sessions('c1');
  if (session === undefined) throw new Error('there is no session');
  return session;
}

/** The server stops, as for a suspend to `parked`. */
function park({ gateway, host }: GatewayHarness): void {
  gateway.hold('c1');
  host.isActive = false;
  gateway.parkSessions('c1', 'suspended');
  gateway.release('c1');
}

/** Answers nothing until it is let. */
function holdAnswers(harness: GatewayHarness): () => void {
  let socket: { write(bytes: Buffer): unknown } | null = null;
  harness.backend.answer = (_payload, from) => {
    socket = from;
    return [];
  };
  return () => socket?.write(Buffer.concat([Buffer.of(7, 0, 0, 1), okPacket()]));
}

describe('what the gateway tells of sessions', () => {
  it('is the id that the client knows, whose it is, and the server’s own id', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    expect(harness.gateway.sessions(null)).toEqual(harness.gateway.sessions('c1'));
    expect(harness.gateway.sessions('c2')).toEqual([]);
    expect(only(harness)).toMatchObject({
      computeId: 'c1',
      id: client.greeting.connectionId,
      user: 'app',
      client: `127.0.0.1:${client.socket.localPort}`,
      state: 'idle',
      why: null,
      backendId: 1,
    });
    expect(only(harness).connectedMs).toBeLessThanOrEqual(only(harness).lastCommandMs);
  });

  it('is what it does, and since when: a command, a transaction, nothing', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    const before = only(harness).lastCommandMs;
    const answer = holdAnswers(harness);
    client.send(query('SELECT SLEEP(60)'));
    await until(() => only(harness).state === 'busy');
    expect(only(harness).why).toBe('runs a command');
    expect(only(harness).lastCommandMs).toBeGreaterThan(before);
    await until(() => harness.backend.commands.length === 1);
    answer();
    await client.read();
    expect(only(harness).state).toBe('idle');
    harness.backend.answer = () => [okPacket(ServerStatus.IN_TRANSACTION)];
    await ask(client, 'BEGIN');
    expect(only(harness)).toMatchObject({ state: 'transaction', why: 'has an open transaction' });
    expect(harness.gateway.blockers('c1', 'parked')).toMatchObject([
      { kind: 'openTransaction', session: client.greeting.connectionId },
    ]);
  });

  it('is that a parked one has no server, and a waiting one waits', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    park(harness);
    expect(only(harness)).toMatchObject({ state: 'parked', backendId: null, why: null });
    const wake = Promise.withResolvers<undefined>();
    harness.host.onWake = () => wake.promise;
    client.send(query('SELECT 1'));
    await until(() => only(harness).state === 'busy');
    wake.resolve(undefined);
    expect((await client.read()).payload[0]).toBe(OK_HEADER);
    expect(only(harness).state).toBe('idle');
  });

  it('is that one waits whose command came while the gate was held', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    harness.gateway.hold('c1');
    client.send(query('SELECT 1'));
    await until(() => only(harness).state === 'busy');
    expect(only(harness)).toMatchObject({ why: 'waits for its compute', backendId: 1 });
    harness.gateway.release('c1');
    await client.read();
  });
});

describe('ending one session', () => {
  it('gives its client the error of a KILL at once, though the server has not answered', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    await using other = await harness.login();
    holdAnswers(harness);
    client.send(query('SELECT SLEEP(60)'));
    await until(() => harness.backend.commands.length === 1);
    const ended = harness.gateway.endSession(client.greeting.connectionId, { reason: 'Connection was killed' });
    expect(ended).toMatchObject({ state: 'busy', backendId: 1 });
    const { payload } = await client.read();
    expect(isErr(payload) && readErr(payload)).toEqual({
      errno: 1927,
      sqlState: '70100',
      message: 'Connection was killed',
    });
    await expect(client.read()).rejects.toThrow('closed');
    await until(() => harness.backend.connections.size === 1);
    expect(harness.gateway.sessions('c1').map(({ id }) => id)).toEqual([other.greeting.connectionId]);
    expect(harness.gateway.endSession(client.greeting.connectionId, { reason: 'again' })).toBeNull();
  });

  it('wakes nothing for a parked one', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    park(harness);
    const { wakes } = harness.host;
    expect(harness.gateway.endSession(client.greeting.connectionId, { reason: 'killed' })).toMatchObject({
      state: 'parked',
    });
    expect(readErr((await client.read()).payload).errno).toBe(1927);
    expect(harness.host.wakes).toBe(wakes);
  });

  it('is not done to one that was used since it was looked at', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    const { id, lastCommandMs: seenCommandMs } = only(harness);
    const request = { reason: 'idle', seenCommandMs };
    await ask(client, 'SELECT 1');
    expect(harness.gateway.endSession(id, request)).toBeNull();
    holdAnswers(harness);
    client.send(query('SELECT SLEEP(60)'));
    await until(() => only(harness).state === 'busy');
    expect(harness.gateway.endSession(id, { ...request, seenCommandMs: Infinity })).toBeNull();
    expect(harness.gateway.sessions('c1')).toHaveLength(1);
  });
});
