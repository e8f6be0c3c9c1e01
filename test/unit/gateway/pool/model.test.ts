import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Command, TextResultReader } from '../../../../src/lib/mysql/index.ts';
import {
  CLIENT_CAPABILITIES,
  startGatewayHarness,
  until,
  type GatewayHarness,
} from '../../../support/gateway-harness.ts';
import { makeModelServer } from '../../../support/model-server.ts';
import type { RawClient } from '../../../support/raw-client.ts';

/** What a client does, and what it is to be told whatever the others do. */
const OPERATIONS = [
  'set',
  'read',
  'count',
  'update',
  'begin',
  'commit',
  'temporary',
  'reset',
  'leave',
  'vanish',
] as const;
type Operation = (typeof OPERATIONS)[number];

/** As on a connection of its own. */
interface Expected {
  x: string | null;
  rowCount: string;
  isInTransaction: boolean;
  hasTemporaryTable: boolean;
}

const SESSIONS = 6;
const SIZE = 3;
const SETTINGS = { size: SIZE, waitMs: 60_000, idleMs: 600_000 };

const scripts = fc.array(
  fc.array(fc.tuple(fc.constantFrom(...OPERATIONS), fc.integer({ min: 1, max: 99_999 }), fc.boolean()), {
    minLength: 1,
    maxLength: 12,
  }),
  { minLength: 2, maxLength: SESSIONS },
);

async function ask(client: RawClient, sql: string): Promise<string | null> {
  client.send(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]));
  const reader = new TextResultReader(CLIENT_CAPABILITIES, 10_000);
  for (;;) {
    const answer = reader.push((await client.read()).payload);
    if (answer === null) continue;
    if (answer.kind === 'err') throw new Error(answer.err.message);
    return answer.kind === 'ok' ? null : (answer.rows[0]?.[0]?.toString() ?? null);
  }
}

function begin(): Expected {
  return { x: null, rowCount: '0', isInTransaction: false, hasTemporaryTable: false };
}

/** @returns whether it is still there */
async function act(client: RawClient, own: Expected, operation: Operation, value: number): Promise<boolean> {
  const run = async (sql: string, rowCount: string): Promise<string | null> => {
    const told = await ask(client, sql);
    own.rowCount = rowCount;
    return told;
  };
  switch (operation) {
    case 'set':
      await run(`SET @x = ${value}`, '0');
      own.x = String(value);
      return true;
    case 'read':
      expect(await run('SELECT x', '-1')).toBe(own.x);
      expect(await run('SELECT temporary', '-1')).toBe(String(own.hasTemporaryTable));
      return true;
    case 'count':
      expect(await ask(client, 'SELECT ROW_COUNT()')).toBe(own.rowCount);
      own.rowCount = '-1';
      return true;
    case 'update':
      await run(`UPDATE ${value % 100}`, String(value % 100));
      return true;
    case 'begin':
      await run('BEGIN', '0');
      own.isInTransaction = true;
      return true;
    case 'commit':
      await run('COMMIT', '0');
      own.isInTransaction = false;
      return true;
    case 'temporary':
      // It keeps its connection: no more of them than leave one for the others.
      if (value % SESSIONS >= SIZE - 1) return true;
      await run('CREATE TEMPORARY TABLE t', '0');
      own.hasTemporaryTable = true;
      return true;
    case 'reset':
      client.send(Buffer.of(Command.RESET_CONNECTION));
      await client.read();
      Object.assign(own, begin());
      return true;
    case 'leave':
      if (own.isInTransaction) return true;
      client.send(Buffer.of(Command.QUIT));
      return false;
    case 'vanish':
      client.socket.destroy();
      return false;
  }
}

async function live(
  harness: GatewayHarness,
  script: readonly (readonly [Operation, number, boolean])[],
): Promise<void> {
  await using client = await harness.login();
  const own = begin();
  // The model does not tell a login's row count from a statement's.
  await act(client, own, 'read', 0);
  for (const [operation, value, pauses] of script) {
    if (pauses) await new Promise((resolve) => setImmediate(resolve));
    if (!(await act(client, own, operation, value))) return;
  }
  // Each ends what it began, as the others may be waiting for its connection.
  if (own.isInTransaction) await act(client, own, 'commit', 0);
}

describe('sessions that share connections', () => {
  it('are told what they would be told on connections of their own, and leave nothing behind', async () => {
    await using harness = await startGatewayHarness();
    makeModelServer(harness.backend);
    harness.host.connectionPool = SETTINGS;
    harness.host.isActive = true;
    await fc.assert(
      fc.asyncProperty(scripts, async (all) => {
        // Two may keep theirs for a temporary table, and one in a transaction lets it go at its end.
        const limited = all.map((script, index) =>
          index < SIZE - 1 ? script : script.filter(([operation]) => operation !== 'temporary'),
        );
        await Promise.all(limited.map((script) => live(harness, script)));
        expect(harness.backend.connections.size).toBeLessThanOrEqual(SIZE + 1);
        await until(() => harness.gateway.sessionCount('c1') === 0);
        await until(() => harness.gateway.connectionPool('c1')!.inUse === 0);
        const { idle, waiting, pinned } = harness.gateway.connectionPool('c1')!;
        expect({ waiting, pinned }).toEqual({ waiting: 0, pinned: 0 });
        expect(idle).toBeLessThanOrEqual(SIZE);
      }),
      { numRuns: 200 },
    );
    expect(harness.gateway.connectionPool('c1')!.switches).toBeGreaterThan(200);
  }, 120_000);

  it('all get in at once, though none says anything and there is one connection', async () => {
    await using harness = await startGatewayHarness();
    makeModelServer(harness.backend);
    harness.host.connectionPool = { ...SETTINGS, size: 1 };
    harness.host.isActive = true;
    const clients = await Promise.all(Array.from({ length: 6 }, () => harness.login()));
    expect(harness.backend.connections.size).toBe(1);
    expect(harness.gateway.connectionPool('c1')).toMatchObject({ waiting: 0, idle: 1 });
    for (const client of clients) client.socket.destroy();
  });

  it('get a connection in the order in which they asked', async () => {
    await using harness = await startGatewayHarness();
    makeModelServer(harness.backend);
    harness.host.connectionPool = { ...SETTINGS, size: 1 };
    harness.host.isActive = true;
    const clients: RawClient[] = [];
    for (let index = 0; index < 20; index += 1) clients.push(await harness.login());
    await ask(clients[0]!, 'BEGIN');
    const order: number[] = [];
    const asked: Promise<void>[] = [];
    for (let index = 1; index < clients.length; index += 1) {
      asked.push(ask(clients[index]!, `UPDATE ${index}`).then(() => void order.push(index)));
      await until(() => harness.gateway.connectionPool('c1')!.waiting === index);
    }
    const before = harness.backend.commands.length;
    await ask(clients[0]!, 'COMMIT');
    await Promise.all(asked);
    const expected = clients.slice(1).map((_, index) => index + 1);
    const ran = harness.backend.commands.slice(before).filter((command) => command.startsWith('QUERY UPDATE'));
    expect(ran).toEqual(expected.map((index) => `QUERY UPDATE ${index}`));
    expect(order).toEqual(expected);
    for (const client of clients) client.socket.destroy();
  });

  it('do not lose their place to one that is quicker to ask again', async () => {
    await using harness = await startGatewayHarness();
    makeModelServer(harness.backend);
    harness.host.connectionPool = { ...SETTINGS, size: 1 };
    harness.host.isActive = true;
    const [greedy, patient] = [await harness.login(), await harness.login()];
    const statement = (value: number): Buffer =>
      Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(`UPDATE ${value}`)]);
    await ask(greedy, 'BEGIN');
    patient.send(statement(1));
    await until(() => harness.gateway.connectionPool('c1')!.waiting === 1);
    const told = ask(greedy, 'COMMIT').then(() => ask(greedy, 'UPDATE 2'));
    await Promise.all([patient.read(), told]);
    const updates = harness.backend.commands.filter((command) => command.startsWith('QUERY UPDATE'));
    expect(updates).toEqual(['QUERY UPDATE 1', 'QUERY UPDATE 2']);
    for (const client of [greedy, patient]) client.socket.destroy();
  });
});
