import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isConnectTime } from '../../../src/lib/gateway/asleep/is-connect-time.ts';
import { Command, isErr, readErr, writeErr } from '../../../src/lib/mysql/index.ts';
import { okPacket } from '../../support/fake-backend.ts';
import { startGatewayHarness, until, type GatewayHarness } from '../../support/gateway-harness.ts';
import type { RawClient } from '../../support/raw-client.ts';

let harness: GatewayHarness;

beforeEach(async () => (harness = await startGatewayHarness()));
afterEach(() => harness[Symbol.asyncDispose]());

const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);
const PING = Buffer.of(Command.PING);
const NO_AUTOCOMMIT = 0;

async function ask(client: RawClient, payload: Buffer): Promise<Buffer> {
  client.send(payload);
  return (await client.read()).payload;
}

/** Parks what is there, and waits until it has gone. */
async function sleep(): Promise<void> {
  const { gateway, host, backend } = harness;
  gateway.hold('c1');
  host.isActive = false;
  gateway.parkSessions('c1', 'suspended');
  gateway.release('c1');
  await until(() => backend.connections.size === 0);
}

/** A client logs in, says these, and leaves; then the compute goes to sleep. */
async function seenBefore(...commands: readonly string[]): Promise<void> {
  harness.host.isActive = true;
  const client = await harness.login();
  for (const sql of commands) await ask(client, query(sql));
  await client[Symbol.asyncDispose]();
  await sleep();
  harness.host.wakes = 0;
}

describe('a client of a sleeping compute whose like was there before', () => {
  it('is let in and set up without a wake, and the server hears of it with the first real command', async () => {
    harness.backend.answer = (payload) => [okPacket(payload.includes('autocommit') ? NO_AUTOCOMMIT : 2)];
    await seenBefore('SET NAMES utf8mb4', 'SET autocommit=0', 'INSERT INTO t VALUES (1)');
    const loginsBefore = harness.backend.logins.length;
    const heardBefore = harness.backend.commands.length;
    await using client = await harness.login();
    expect(await ask(client, query('SET NAMES utf8mb4'))).toEqual(okPacket());
    expect(await ask(client, query('SET autocommit=0'))).toEqual(okPacket(NO_AUTOCOMMIT));
    // The flags that it was told last are its own.
    expect(await ask(client, PING)).toEqual(okPacket(NO_AUTOCOMMIT));
    expect(harness.host.wakes).toBe(0);
    expect(harness.gateway.sessionCount('c1')).toBe(1);

    await ask(client, query('INSERT INTO t VALUES (2)'));
    expect(harness.host.wakes).toBe(1);
    expect(harness.backend.logins).toHaveLength(loginsBefore + 1);
    expect(harness.backend.commands.slice(heardBefore)).toEqual([
      'QUERY SET NAMES utf8mb4',
      'QUERY SET autocommit=0',
      'QUERY INSERT INTO t VALUES (2)',
    ]);
  });

  it('may come and go, as a probe does, without a trace', async () => {
    await seenBefore();
    const client = await harness.login();
    client.send(Buffer.of(Command.QUIT));
    await expect(client.read()).rejects.toThrow('closed');
    await until(() => harness.gateway.sessionCount('c1') === 0);
    expect(harness.host.wakes).toBe(0);
  });

  it('wakes it with whatever was not said before', async () => {
    await seenBefore('SET NAMES utf8mb4');
    await using client = await harness.login();
    await ask(client, query('SET NAMES latin1'));
    expect(harness.host.wakes).toBe(1);
  });

  it('wakes it with a login of another kind', async () => {
    await seenBefore();
    await using client = await harness.login('empty', '');
    expect(await ask(client, PING)).toEqual(okPacket());
    expect(harness.host.wakes).toBe(1);
  });

  it('is kept out by a wrong password as ever', async () => {
    await seenBefore();
    await expect(harness.login('app', 'wrong')).rejects.toThrow('1045');
    expect(harness.host.wakes).toBe(0);
  });

  it('is told what a server says that does not welcome it any more', async () => {
    await seenBefore();
    harness.backend.refusal = writeErr({ errno: 1049, sqlState: '42000', message: "Unknown database 'shop'" });
    await using client = await harness.login();
    const answer = await ask(client, query('SELECT 1'));
    expect(isErr(answer) && readErr(answer).message).toContain("Unknown database 'shop'");
    await expect(client.read()).rejects.toThrow('closed');
  });

  it('is told so when what it was set up with is refused', async () => {
    await seenBefore('SET NAMES utf8mb4');
    await using client = await harness.login();
    await ask(client, query('SET NAMES utf8mb4'));
    harness.backend.answer = () => [writeErr({ errno: 1115, sqlState: '42000', message: 'Unknown character set' })];
    const answer = await ask(client, query('SELECT 1'));
    expect(isErr(answer) && readErr(answer).message).toContain('Unknown character set');
  });
});

describe('an awake compute', () => {
  it('is asked by every client', async () => {
    await seenBefore('SET NAMES utf8mb4');
    harness.host.isActive = true;
    const loginsBefore = harness.backend.logins.length;
    await using client = await harness.login();
    await ask(client, query('SET NAMES utf8mb4'));
    expect(harness.backend.logins).toHaveLength(loginsBefore + 1);
    expect(harness.host.wakes).toBe(0);
  });
});

describe('a command by which a client sets itself up', () => {
  it.each([
    'SET NAMES utf8mb4',
    "set names 'utf8' collate 'utf8_general_ci'",
    'SET AUTOCOMMIT = 0',
    "SET SESSION sql_mode='STRICT_TRANS_TABLES', time_zone = '+00:00'",
    "SET sql_mode=(SELECT CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'))",
    "SET sql_mode=CONCAT(@@sql_mode,',STRICT_TRANS_TABLES')",
    'select @@version_comment limit 1',
    'SELECT @@max_allowed_packet, @@session.wait_timeout AS w',
    'USE shop',
  ])('may be %s', (sql) => expect(isConnectTime(query(sql))).toBe(true));

  it.each([
    'SELECT 1',
    'SET @a = 1',
    'SET autocommit = 0; DROP TABLE t',
    'SET GLOBAL max_connections = 1',
    'SET @@global.max_connections = 1',
    'SET autocommit = 0, GLOBAL max_connections = 1',
    'SET PASSWORD = "x"',
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'SET SESSION TRANSACTION READ ONLY',
    'SET STATEMENT max_statement_time=1 FOR SELECT 1',
    'SET sql_select_limit = my_function()',
    'SET wait_timeout = (SELECT value FROM settings)',
    'SET sql_mode = /*! 1 */ 0',
    'SET timestamp = 1',
    'SET last_insert_id = 3',
    'SELECT @@timestamp',
    'SELECT @@last_insert_id',
    'SELECT @@identity, @@version',
    'SELECT @@version FROM t',
    'SELECT @a',
  ])('is not %s', (sql) => expect(isConnectTime(query(sql))).toBe(false));
});
