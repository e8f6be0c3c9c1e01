import * as mariadb from 'mariadb';
import mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

interface View {
  readonly url: string;
  readonly state: string;
  readonly sessions: number;
  readonly maxSessions: number | null;
}

const home = createTestHome({ DOZE_MAX_PROJECT_SESSIONS: '3' });
let url = '';
beforeAll(async () => {
  const flags = ['--driver', 'process', '--suspend-after', 'never', '--max-sessions', '2'];
  ({ url } = await home.json<View>('compute', 'start', 'shop', ...flags));
});
afterAll(() => home[Symbol.asyncDispose]());

const show = (): Promise<View> => home.json<View>('compute', 'show', 'shop');

async function settled(ask: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function login() {
  const { hostname, port, username: user, password, pathname } = new URL(url);
  return { host: hostname, port: Number(port), user, password, database: pathname.slice(1) };
}

async function refusal(): Promise<{ readonly errno?: number; readonly sqlState?: string; readonly message: string }> {
  const connection = await mysql2.createConnection(url).catch((error: unknown) => error);
  if (connection instanceof Error) return connection;
  throw new Error('it was let in');
}

describe('limits on sessions', () => {
  it('refuse one too many with 1040, parked ones counted, and wake nothing for it', async () => {
    const both = [await mysql2.createConnection(url), await mysql2.createConnection(url)];
    expect(await refusal()).toMatchObject({
      errno: 1040,
      message: expect.stringContaining('compute "shop" has 2 sessions, which is its limit'),
    });
    await home.json('compute', 'suspend', 'shop', '--depth', 'parked');
    expect(await refusal()).toMatchObject({ errno: 1040 });
    expect(await show()).toMatchObject({ state: 'suspended', sessions: 2, maxSessions: 2 });
    for (const connection of both) await connection.end();
    await settled(async () => (await show()).sessions === 0);
    const next = await mysql2.createConnection(url);
    expect((await next.query('SELECT 1 AS x'))[0]).toEqual([{ x: 1 }]);
    await next.end();
  });

  it('refuse what a project has no more of with 1226', async () => {
    await home.json('compute', 'start', 'shop', '--max-sessions', 'none');
    await settled(async () => (await show()).sessions === 0);
    const all = [];
    for (let count = 0; count < 3; count += 1) all.push(await mysql2.createConnection(url));
    expect(await refusal()).toMatchObject({ errno: 1226, message: expect.stringContaining("'maxProjectSessions'") });
    for (const connection of all) await connection.end();
    await settled(async () => (await show()).sessions === 0);
  });
});

describe('a session that is idle for too long', () => {
  beforeAll(async () => {
    await home.json('compute', 'start', 'shop', '--session-idle-timeout', '1s');
  });

  it('ends with 4031, which its client sees, and not in a transaction', async () => {
    const [idle, open] = [await mysql2.createConnection(url), await mysql2.createConnection(url)];
    const told = new Promise((resolve) => idle.on('error', resolve));
    await open.query('BEGIN');
    expect(await told).toMatchObject({
      message: expect.stringContaining('disconnected by the server because of inactivity'),
    });
    expect((await open.query('SELECT 1 AS x'))[0]).toEqual([{ x: 1 }]);
    await open.query('ROLLBACK');
    open.on('error', () => undefined);
    await settled(async () => (await show()).sessions === 0);
  });

  it('is replaced by the pools of both drivers without an error to the application', async () => {
    const one = mysql2.createPool({ uri: url, connectionLimit: 1 });
    const two = mariadb.createPool({ ...login(), connectionLimit: 1 });
    for (let round = 0; round < 2; round += 1) {
      expect((await one.query('SELECT 1 AS x'))[0]).toEqual([{ x: 1 }]);
      expect([...(await two.query<object[]>('SELECT 1 AS x'))]).toEqual([{ x: 1 }]);
      await settled(async () => (await show()).sessions === 0);
    }
    await one.end();
    await two.end();
  });
});
