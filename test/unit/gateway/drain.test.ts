import { once } from 'node:events';
import { createServer } from 'node:net';

import { describe, expect, it } from 'vitest';

import { Command, isErr, readErr, readOk, ServerStatus } from '../../../src/lib/mysql/index.ts';
import { okPacket } from '../../support/fake-backend.ts';
import { startGatewayHarness, until } from '../../support/gateway-harness.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { startThreadedHarness, untilSo } from '../../support/threaded-harness.ts';

const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);
const LONG = { drainTimeoutMs: 60_000 };

async function ask(client: RawClient, payload: Buffer): Promise<Buffer> {
  client.send(payload);
  return (await client.read()).payload;
}

/** What drivers know as a server's shutdown; the connection ends after it. */
async function expectShutdown(client: RawClient, sequence = 1): Promise<void> {
  const packet = await client.read();
  expect(packet.sequence).toBe(sequence);
  expect(isErr(packet.payload) && readErr(packet.payload)).toEqual({
    errno: 1053,
    sqlState: '08S01',
    message: 'the agent stops; connect again',
  });
  await expect(client.read()).rejects.toThrow('closed');
}

describe('a gateway that is shut down', () => {
  it('ends idle sessions at once, and parked ones without a wake', async () => {
    await using harness = await startGatewayHarness(LONG);
    await using idle = await harness.login();
    await using parked = await harness.login();
    harness.gateway.hold('c1');
    harness.host.isActive = false;
    harness.gateway.parkSessions('c1', 'suspended');
    harness.gateway.release('c1');
    const { wakes } = harness.host;
    const drained = await harness.gateway.shutDown();
    await expectShutdown(idle);
    await expectShutdown(parked);
    expect(drained).toEqual({ atSafePoints: 2, cutShort: 0 });
    expect(harness.host.wakes).toBe(wakes);
  });

  it('ends a session that waits for an answer after it', async () => {
    await using harness = await startGatewayHarness(LONG);
    await using client = await harness.login();
    const answers: (() => void)[] = [];
    harness.backend.answer = (_payload, socket) => {
      answers.push(() => socket.write(Buffer.concat([Buffer.of(7, 0, 0, 1), okPacket()])));
      return [];
    };
    client.send(query('UPDATE t SET a = 1'));
    await until(() => answers.length === 1);
    const drained = harness.gateway.shutDown();
    answers[0]?.();
    expect((await client.read()).payload).toEqual(okPacket());
    await expectShutdown(client);
    expect(await drained).toEqual({ atSafePoints: 1, cutShort: 0 });
  });

  it('lets a transaction come to its end, and runs nothing after it', async () => {
    await using harness = await startGatewayHarness(LONG);
    await using client = await harness.login();
    const inside = ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION;
    harness.backend.answer = (payload) => [okPacket(payload.includes('COMMIT') ? ServerStatus.AUTOCOMMIT : inside)];
    await ask(client, query('BEGIN'));
    const drained = harness.gateway.shutDown();
    expect(readOk(await ask(client, query('INSERT INTO t VALUES (1)'))).status).toBe(inside);
    expect(readOk(await ask(client, query('COMMIT'))).status).toBe(ServerStatus.AUTOCOMMIT);
    client.send(query('INSERT INTO t VALUES (2)'));
    await expectShutdown(client);
    expect(harness.backend.commands.at(-1)).toBe('QUERY COMMIT');
    expect(await drained).toEqual({ atSafePoints: 1, cutShort: 0 });
  });

  it('refuses the next command of a session that is never idle for long', async () => {
    await using harness = await startGatewayHarness(LONG);
    await using client = await harness.login();
    const drained = harness.gateway.shutDown();
    let last = okPacket();
    let asked = 0;
    while (!isErr(last)) {
      last = await ask(client, query('SELECT 1'));
      asked += 1;
    }
    expect(readErr(last).errno).toBe(1053);
    expect(harness.backend.commands.length).toBeLessThan(asked);
    expect(await drained).toEqual({ atSafePoints: 1, cutShort: 0 });
  });

  it('waits no longer than it may: who waits for an answer is told that there is none', async () => {
    await using harness = await startGatewayHarness({ drainTimeoutMs: 200 });
    await using client = await harness.login();
    harness.backend.answer = () => [];
    client.send(query('SELECT SLEEP(1000)'));
    await until(() => harness.backend.commands.length === 1);
    expect(await harness.gateway.shutDown()).toEqual({ atSafePoints: 0, cutShort: 1 });
    await expectShutdown(client);
  });

  it('waits no longer when somebody is in a hurry', async () => {
    await using harness = await startGatewayHarness(LONG);
    await using client = await harness.login();
    harness.backend.answer = () => [okPacket(ServerStatus.IN_TRANSACTION)];
    await ask(client, query('BEGIN'));
    const hurry = new AbortController();
    const drained = harness.gateway.shutDown(hurry.signal);
    hurry.abort();
    expect(await drained).toEqual({ atSafePoints: 0, cutShort: 1 });
    await expectShutdown(client);
  });
});

describe('a gateway on two threads that is shut down', () => {
  it('gives its ports to the next at once, and goes on with what is under way at both', async () => {
    await using harness = await startThreadedHarness(2, LONG);
    const clients = await harness.loginAtEach();
    const inside = ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION;
    harness.backend.answer = (payload) => [okPacket(payload.includes('COMMIT') ? ServerStatus.AUTOCOMMIT : inside)];
    for (const client of clients) await ask(client, query('BEGIN'));
    const drained = harness.gateway.shutDown();
    await untilSo(() => canListenOn(harness.port));
    for (const client of clients) expect(readOk(await ask(client, query('COMMIT'))).status).toBe(2);
    for (const client of clients) await expectShutdown(client);
    expect(await drained).toEqual({ atSafePoints: 2, cutShort: 0 });
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('ends both at once when somebody is in a hurry', async () => {
    await using harness = await startThreadedHarness(2, LONG);
    const clients = await harness.loginAtEach();
    harness.backend.answer = () => [okPacket(ServerStatus.IN_TRANSACTION)];
    for (const client of clients) await ask(client, query('BEGIN'));
    expect(await harness.gateway.shutDown(AbortSignal.abort())).toEqual({ atSafePoints: 0, cutShort: 2 });
    for (const client of clients) await expectShutdown(client);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });
});

async function canListenOn(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
