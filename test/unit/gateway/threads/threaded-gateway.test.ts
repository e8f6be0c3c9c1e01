import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { describe, expect, it } from 'vitest';

import { slotOf } from '../../../../src/lib/gateway/connection-ids.ts';
import { Command, isErr, OK_HEADER, readErr, readOk, ServerStatus } from '../../../../src/lib/mysql/index.ts';
import { okPacket } from '../../../support/fake-backend.ts';
import type { RawClient } from '../../../support/raw-client.ts';
import { startThreadedHarness, untilSo, type ThreadedHarness } from '../../../support/threaded-harness.ts';

const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);

async function ask(client: RawClient, payload: Buffer): Promise<Buffer> {
  client.send(payload);
  return (await client.read()).payload;
}

/** As the control plane takes a compute down whose sessions need no look. */
async function park({ gateway, host }: ThreadedHarness): Promise<void> {
  await gateway.hold('c1');
  host.isActive = false;
  await gateway.parkSessions('c1', 'suspended');
  gateway.release('c1');
}

describe('a gateway on two threads', () => {
  it('serves clients of one port at both, and counts them as one', async () => {
    await using harness = await startThreadedHarness(2);
    const clients = await Promise.all(Array.from({ length: 40 }, () => harness.login()));
    for (const client of clients) expect((await ask(client, query('SELECT 1')))[0]).toBe(OK_HEADER);
    expect(new Set(clients.map(({ greeting }) => slotOf(greeting.connectionId)))).toEqual(new Set([0, 1]));
    expect(new Set(clients.map(({ greeting }) => greeting.connectionId)).size).toBe(40);
    expect(await harness.gateway.sessionCounts()).toEqual(new Map([['c1', 40]]));
    expect((await harness.gateway.facts('c1')).sessions).toBe(40);
    expect(harness.host.wakes).toBe(1);
    for (const client of clients) await client[Symbol.asyncDispose]();
    await untilSo(async () => (await harness.gateway.facts('c1')).sessions === 0);
  });

  it('is found on the shared port by the name of the compute', async () => {
    await using harness = await startThreadedHarness(2);
    const { sharedPort } = harness.gateway;
    const clients = await Promise.all(Array.from({ length: 20 }, () => harness.login('app.shop', sharedPort)));
    expect(new Set(clients.map(({ greeting }) => slotOf(greeting.connectionId)))).toEqual(new Set([0, 1]));
    expect((await harness.gateway.facts('c1')).sessions).toBe(20);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('holds commands at both until the release', async () => {
    await using harness = await startThreadedHarness(2);
    const clients = await harness.loginAtEach();
    const before = (await harness.gateway.hold('c1')).lastActivityMs ?? 0;
    clients.forEach((client, slot) => client.send(query(`held at ${slot}`)));
    await untilSo(async () => ((await harness.gateway.facts('c1')).lastActivityMs ?? 0) > before);
    expect(harness.backend.commands).toEqual([]);
    harness.gateway.release('c1');
    for (const client of clients) expect((await client.read()).payload[0]).toBe(OK_HEADER);
    expect(harness.backend.commands.toSorted()).toEqual(['QUERY held at 0', 'QUERY held at 1']);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('parks sessions of both, and wakes once for the commands of both', async () => {
    await using harness = await startThreadedHarness(2);
    const clients = await harness.loginAtEach();
    await park(harness);
    await untilSo(async () => harness.backend.connections.size === 0);
    const { wakes } = harness.host;
    const answers = await Promise.all(clients.map((client) => ask(client, query('SELECT 1'))));
    expect(answers.map(([first]) => first)).toEqual([OK_HEADER, OK_HEADER]);
    expect(harness.host.wakes).toBe(wakes + 1);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('tells of what stands in the way at either', async () => {
    await using harness = await startThreadedHarness(2);
    const clients = await harness.loginAtEach();
    harness.backend.answer = () => [okPacket(ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION)];
    for (const client of clients) await ask(client, query('BEGIN'));
    const { blockers, hasUnknownSessions } = await harness.gateway.facts('c1');
    expect(blockers.map(({ kind }) => kind)).toEqual(['openTransaction', 'openTransaction']);
    expect(hasUnknownSessions).toBe(false);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('ends a session of the other thread by the id that its client was given', async () => {
    await using harness = await startThreadedHarness(2);
    const clients = await harness.loginAtEach();
    const [one, other] = clients;
    const id = other.greeting.connectionId;
    const processKill = Buffer.alloc(5, Command.PROCESS_KILL);
    processKill.writeUInt32LE(id, 1);
    await ask(one, query(`KILL ${id}`));
    await ask(one, processKill);
    const [text = '', binary = ''] = harness.backend.commands;
    const backendId = Number(/^QUERY KILL (\d+)$/.exec(text)?.[1]);
    expect(backendId).toBeLessThan(2 ** 30);
    expect(Buffer.from(binary.replace('PROCESS_KILL ', ''), 'latin1').readUInt32LE(0)).toBe(backendId);
    // Nobody has this one: it is the server's to say so.
    await ask(one, query(`KILL ${id + 1_000}`));
    expect(harness.backend.commands.at(-1)).toBe(`QUERY KILL ${id + 1_000}`);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('ends a parked session of the other thread without its server, after what was asked before', async () => {
    await using harness = await startThreadedHarness(2);
    const clients = await harness.loginAtEach();
    const [one, other] = clients;
    await park(harness);
    one.send(query('SELECT 1'));
    one.send(query(`KILL ${other.greeting.connectionId}`));
    one.send(query('SELECT 2'));
    for (let answer = 0; answer < 3; answer += 1) expect((await one.read()).payload[0]).toBe(OK_HEADER);
    expect(harness.backend.commands.filter((command) => command.startsWith('QUERY'))).toEqual([
      'QUERY SELECT 1',
      'QUERY SELECT 2',
    ]);
    expect(readErr((await other.read()).payload).message).toBe('Connection was killed');
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('takes the next port when another process of the same user shares the one it wants', async () => {
    await using first = await startThreadedHarness(2);
    await using second = await startThreadedHarness(2, {}, first.port);
    expect(second.port).not.toBe(first.port);
  });

  it('takes the next port when somebody has the one it wants for himself', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using harness = await startThreadedHarness(2, {}, port);
    expect(harness.port).not.toBe(port);
    server.close();
  });

  it('closes a compute’s port and sessions at both', async () => {
    await using harness = await startThreadedHarness(2);
    const clients = await harness.loginAtEach();
    await harness.gateway.close('c1');
    for (const client of clients) {
      const { payload } = await client.read();
      expect(isErr(payload) && readErr(payload).errno).toBe(1927);
    }
    await expect(harness.login()).rejects.toThrow();
    for (const client of clients) await client[Symbol.asyncDispose]();
  });
});

describe('a thread that crashes', () => {
  it('takes its own sessions with it, and is started anew with its ports', async () => {
    await using harness = await startThreadedHarness(2);
    const [one, other] = await harness.loginAtEach();
    const before = (await harness.gateway.facts('c1')).lastActivityMs ?? 0;
    const lost = once(one.socket, 'close');
    // No message of ours looks like this.
    harness.workers[0]?.postMessage(null);
    await lost;
    expect(readOk(await ask(other, query('SELECT 1')))).toMatchObject({ affectedRows: 0 });
    await untilSo(async () => harness.workers.length === 3);
    const clients = await harness.loginAtEach();
    for (const client of clients) expect((await ask(client, query('SELECT 2')))[0]).toBe(OK_HEADER);
    const facts = await harness.gateway.facts('c1');
    expect(facts.sessions).toBe(3);
    expect(facts.lastActivityMs).toBeGreaterThan(before);
    expect(harness.log.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'a thread of the gateway failed',
      'a thread of the gateway has ended, with its sessions; it is started anew',
    ]);
    for (const client of [...clients, one, other]) await client[Symbol.asyncDispose]();
  });

  it('comes back to a compute that is held, and lets nobody through before the release', async () => {
    await using harness = await startThreadedHarness(1);
    harness.host.isActive = true;
    await harness.gateway.hold('c1');
    await harness.workers[0]?.terminate();
    await untilSo(async () => harness.workers.length === 2);
    await untilSo(async () => (await harness.gateway.sessionCounts()).size === 1);
    const login = harness.login();
    await untilSo(async () => (await harness.gateway.facts('c1')).blockers.some(({ kind }) => kind === 'login'));
    expect(harness.backend.logins).toEqual([]);
    harness.gateway.release('c1');
    await using client = await login;
    expect(client.ok[0]).toBe(OK_HEADER);
  });

  it('leaves nobody who asks waiting', async () => {
    await using harness = await startThreadedHarness(1);
    await using client = await harness.login();
    harness.workers[0]?.postMessage(null);
    const answers = await Promise.all([
      harness.gateway.facts('c1'),
      harness.gateway.hold('c1'),
      harness.gateway.lookAtSessions('c1', { mayHideState: false }),
      harness.gateway.parkSessions('c1', 'suspended'),
    ]);
    expect(answers[1].sessions).toBe(0);
    harness.gateway.release('c1');
    await untilSo(async () => client.socket.closed);
  });
});
