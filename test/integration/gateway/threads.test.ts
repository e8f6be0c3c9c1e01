import mysql2, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { blockersAt } from '../../../src/lib/domain/index.ts';
import { createMariaDbEngine } from '../../../src/lib/engines/index.ts';
import { slotOf } from '../../../src/lib/gateway/connection-ids.ts';
import { createThreadedGateway, GATEWAY_DEFAULTS, type GatewayService } from '../../../src/lib/gateway/index.ts';
import { createSilentLogger } from '../../../src/lib/logger.ts';
import { createFakeHost, ROUTE, type FakeHost } from '../../support/fake-host.ts';
import { ROOT_PASSWORD, startMariaDbServer, type MariaDbServer } from '../../support/mariadb-server.ts';
import { untilSo } from '../../support/threaded-harness.ts';

let server: MariaDbServer;
let host: FakeHost;
let gateway: GatewayService;
let port: number;

async function openGateway(): Promise<void> {
  gateway = createThreadedGateway(
    { clock: createSystemClock(), logger: createSilentLogger() },
    {
      ...GATEWAY_DEFAULTS,
      listenHost: '127.0.0.1',
      sharedPort: 0,
      ports: { from: 33_500, to: 33_599 },
      drainTimeoutMs: 60_000,
      threads: 2,
    },
  );
  await gateway.start(host);
  port = await gateway.open({ id: ROUTE.computeId, name: ROUTE.name, port: 0 });
}

beforeAll(async () => {
  server = await startMariaDbServer();
  await server.run(
    `CREATE USER app@'%' IDENTIFIED BY 'secret'`,
    `GRANT ALL ON *.* TO app@'%'`,
    'CREATE TABLE shop.t (a INT PRIMARY KEY, b VARCHAR(40))',
    `INSERT INTO shop.t VALUES (1, 'one'), (2, 'two'), (3, 'three')`,
  );
  const engine = createMariaDbEngine({ clock: createSystemClock() });
  const root = { host: server.host, port: server.port, user: 'root', password: ROOT_PASSWORD };
  host = createFakeHost(server.port, []);
  host.isActive = true;
  host.snapshot = await engine.readAccounts(root, AbortSignal.timeout(10_000));
  await openGateway();
});

afterAll(async () => {
  await gateway.shutDown(AbortSignal.abort());
  await server[Symbol.asyncDispose]();
});

function connect(): Promise<Connection> {
  return mysql2.createConnection({ host: '127.0.0.1', port, user: 'app', password: 'secret', database: 'shop' });
}

/** One at each thread. */
async function connectToEach(): Promise<[Connection, Connection]> {
  const bySlot = new Map<number, Connection>();
  while (bySlot.size < 2) {
    const connection = await connect();
    const slot = slotOf(connection.threadId) ?? -1;
    if (bySlot.has(slot)) await connection.end();
    else bySlot.set(slot, connection);
  }
  return [bySlot.get(0)!, bySlot.get(1)!];
}

/** As the control plane takes a compute down, and back up with the next command. */
async function park(): Promise<void> {
  await gateway.hold('c1');
  await gateway.lookAtSessions('c1', { mayHideState: false });
  const { blockers } = await gateway.facts('c1');
  expect(blockersAt(blockers, 'parked')).toEqual([]);
  host.isActive = false;
  await gateway.parkSessions('c1', 'suspended');
  gateway.release('c1');
}

async function ask(connection: Connection, sql: string): Promise<RowDataPacket | undefined> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return rows[0];
}

describe('sessions of a real server at two threads', () => {
  it('are carried over its sleep at both, and keep their ids', async () => {
    const connections = await Promise.all(Array.from({ length: 20 }, connect));
    await Promise.all(connections.map((connection, index) => connection.query('SET @mine = ?', [index])));
    await Promise.all(connections.map((connection) => connection.execute('SELECT b FROM t WHERE a = ?', [1])));
    expect(new Set(connections.map(({ threadId }) => slotOf(threadId)))).toEqual(new Set([0, 1]));
    const { wakes } = host;
    await park();
    const mine = await Promise.all(connections.map((each) => ask(each, 'SELECT @mine AS mine')));
    expect(mine.map((row) => row?.['mine'] as number)).toEqual(connections.map((_, index) => index));
    const ids = await Promise.all(connections.map((each) => ask(each, 'SELECT CONNECTION_ID() AS id')));
    expect(ids.map((row) => row?.['id'] as number)).toEqual(connections.map(({ threadId }) => threadId));
    const rows = await Promise.all(connections.map((each) => each.execute('SELECT b FROM t WHERE a = ?', [2])));
    expect(new Set(rows.map(([found]) => JSON.stringify(found)))).toEqual(new Set(['[{"b":"two"}]']));
    expect(host.wakes).toBe(wakes + 1);
    await Promise.all(connections.map((connection) => connection.end()));
  });

  it('are pinned by what one of them has, whichever thread it is at', async () => {
    const connections = await connectToEach();
    for (const connection of connections) {
      await connection.query('CREATE TEMPORARY TABLE mine (a INT)');
      await gateway.hold('c1');
      await gateway.lookAtSessions('c1', { mayHideState: false });
      const { blockers } = await gateway.facts('c1');
      gateway.release('c1');
      expect(blockersAt(blockers, 'parked').map(({ kind }) => kind)).toEqual(['pinned']);
      await connection.query('DROP TEMPORARY TABLE mine');
      await connection.changeUser({ user: 'app', password: 'secret', database: 'shop' }).catch(() => undefined);
      await connection.end();
      await untilSo(async () => (await gateway.facts('c1')).blockers.length === 0);
    }
  });

  it('end each other’s statements and sessions by the ids that clients know', async () => {
    const [one, other] = await connectToEach();
    const interrupted = expect(ask(other, 'SELECT SLEEP(60) AS slept')).rejects.toMatchObject({ errno: 1317 });
    await untilSo(async () => {
      const row = await ask(
        one,
        `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE '%SLEEP(60)%'`,
      );
      return Number(row?.['n']) > 1;
    });
    await one.query(`KILL QUERY ${other.threadId}`);
    await interrupted;
    expect(await ask(other, 'SELECT 1 AS one')).toEqual({ one: 1 });
    await one.query(`KILL ${other.threadId}`);
    await expect(ask(other, 'SELECT 1')).rejects.toThrow();
    await expect(one.query(`KILL ${other.threadId}`)).rejects.toMatchObject({ errno: 1094 });
    await one.end();
    other.destroy();
  });

  it('are counted once for the ledger, also what the threads had not told by their end', async () => {
    const queries = async (): Promise<number> =>
      (await gateway.takeTraffic()).reduce((sum, { computeId, queries: of }) => sum + (computeId === 'c1' ? of : 0), 0);
    const connections = await connectToEach();
    await queries();
    for (const connection of connections) for (const n of [1, 2, 3]) await ask(connection, `SELECT ${n} AS n`);
    expect(await queries()).toBe(6);
    expect(await queries()).toBe(0);
    for (const connection of connections) await ask(connection, 'SELECT 4 AS n');
    for (const connection of connections) connection.on('error', () => undefined);
    await gateway.shutDown();
    expect(await queries()).toBe(2);
    expect(await queries()).toBe(0);
    for (const connection of connections) connection.destroy();
    await openGateway();
  });

  it('are drained: what is under way comes to its end, what is idle ends at once, and the port is free', async () => {
    const [one, other] = await connectToEach();
    const idle = await connect();
    const ended = new Promise((resolve) => idle.on('error', resolve));
    await one.query('BEGIN');
    await one.query('INSERT INTO t VALUES (10, "ten")');
    const slow = expect(ask(other, 'SELECT SLEEP(1) AS slept')).resolves.toEqual({ slept: 0 });
    await untilSo(async () => (await gateway.facts('c1')).blockers.some(({ kind }) => kind === 'commandInFlight'));
    const drained = gateway.shutDown();
    expect(await ended).toMatchObject({ code: 1053, message: 'the agent stops; connect again' });
    await slow;
    await one.query('COMMIT');
    expect(await drained).toEqual({ atSafePoints: 3, cutShort: 0 });
    await openGateway();
    const next = await connect();
    expect(await ask(next, 'SELECT b FROM t WHERE a = 10')).toEqual({ b: 'ten' });
    await next.end();
    for (const connection of [one, other, idle]) connection.destroy();
  });
});
