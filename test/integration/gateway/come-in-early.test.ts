import * as mariadb from 'mariadb';
import mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { until } from '../../support/gateway-harness.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';

let over: GatewayOverServer;

beforeAll(async () => {
  over = await startGatewayOverServer();
  await over.server.run(`CREATE USER app@'%' IDENTIFIED BY 'secret'`, `GRANT ALL ON *.* TO app@'%'`);
  await over.host.refreshAccounts('c1');
});

afterAll(() => over[Symbol.asyncDispose]());

const settings = () => ({ host: '127.0.0.1', port: over.port, user: 'app', password: 'secret', database: 'shop' });
const SELECT_ALL = 'SELECT DATABASE() AS db, @@autocommit AS auto, @@character_set_client AS cs, @@sql_mode AS mode';

interface Client {
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

const CLIENTS: Readonly<Record<string, (options?: object) => Promise<Client>>> = {
  mysql2: async (options) => {
    const connection = await mysql2.createConnection({ ...settings(), ...options });
    return { query: async (sql) => (await connection.query(sql))[0], end: () => connection.end() };
  },
  'the npm connector of MariaDB': async (options) => {
    const connection = await mariadb.createConnection({ ...settings(), ...options });
    return {
      query: async (sql) => plainRows(await connection.query<unknown>(sql)),
      end: () => connection.end(),
    };
  },
};

/** This connector's rows have more on them. */
function plainRows(rows: unknown): unknown {
  return Array.isArray(rows) ? rows.map((row: object) => ({ ...row })) : rows;
}

async function sleepAgain(): Promise<void> {
  await until(() => over.gateway.sessionCount('c1') === 0);
  expect(await over.park()).toEqual([]);
  over.host.wakes = 0;
}

describe.each(Object.entries(CLIENTS))('%s, whose like was there before the compute slept', (_name, connect) => {
  const SETUP = ['SET autocommit=0', "SET sql_mode='ANSI_QUOTES', time_zone='+01:00'"];
  let expected: unknown;

  beforeEach(async () => {
    const before = await connect();
    for (const sql of SETUP) await before.query(sql);
    expected = await before.query(SELECT_ALL);
    await before.query('ROLLBACK');
    await before.end();
    await sleepAgain();
  });

  it('connects and sets itself up without a wake; its first query finds all as it set it', async () => {
    const client = await connect();
    for (const sql of SETUP) await client.query(sql);
    expect(over.host.wakes).toBe(0);
    expect(over.gateway.sessionCount('c1')).toBe(1);
    expect(await client.query(SELECT_ALL)).toEqual(expected);
    expect(over.host.wakes).toBe(1);
    await client.query('ROLLBACK');
    await client.end();
  });

  it('keeps what it set up when the compute sleeps again', async () => {
    const client = await connect();
    for (const sql of SETUP) await client.query(sql);
    // Of no use to it, and so no transaction.
    await client.query('DO 1');
    expect(await over.park()).toEqual([]);
    expect(await client.query(SELECT_ALL)).toEqual(expected);
    await client.query('ROLLBACK');
    await client.end();
  });

  it('may leave as it came', async () => {
    const client = await connect();
    await client.end();
    await until(() => over.gateway.sessionCount('c1') === 0);
    expect(over.host.wakes).toBe(0);
  });
});

it('a login that was never seen wakes, and is told by the server itself what is wrong with it', async () => {
  await sleepAgain();
  const nowhere = mysql2.createConnection({ ...settings(), database: 'nowhere' });
  await expect(nowhere).rejects.toMatchObject({ errno: 1049 });
  expect(over.host.wakes).toBe(1);
});

it('a database that is dropped after it was seen is an error of the first query', async () => {
  await over.server.run('CREATE DATABASE brief');
  await (await mysql2.createConnection({ ...settings(), database: 'brief' })).end();
  await over.server.run('DROP DATABASE brief');
  await sleepAgain();
  const connection = await mysql2.createConnection({ ...settings(), database: 'brief' });
  await expect(connection.query('SELECT 1')).rejects.toMatchObject({ errno: 1049 });
});
