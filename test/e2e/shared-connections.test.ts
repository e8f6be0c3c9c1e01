import mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ComputeDetail } from '../../src/lib/api/client/index.ts';
import { createTestHome, type TestHome } from '../support/cli.ts';

describe('shared connections, by commands', () => {
  let home: TestHome;
  let url = '';

  beforeAll(async () => {
    home = createTestHome({ DOZE_DRIVER: 'process', DOZE_CONNECTION_WAIT: '200ms' });
    ({ url } = await home.json<{ url: string }>(
      'compute',
      'start',
      'shop',
      '--pool',
      'transaction',
      '--pool-size',
      '2',
    ));
  });
  afterAll(() => home[Symbol.asyncDispose]());

  const show = (): Promise<ComputeDetail> => home.json<ComputeDetail>('compute', 'show', 'shop');

  it('serve more clients than there are connections, and show how', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => mysql2.createConnection(url)));
    await Promise.all(clients.map((client, index) => client.query(`SET @me = ${index}`)));
    const told = await Promise.all(clients.map((client) => client.query('SELECT @me AS me')));
    expect(told.map(([rows]) => rows)).toEqual(clients.map((_, index) => [{ me: index }]));
    const { connectionPool, connections, sessions } = await show();
    expect(connectionPool).toEqual({ size: 2 });
    expect(sessions).toBe(6);
    expect(connections).toMatchObject({ size: 2, inUse: 0, idle: 2, pinned: 0, waiting: 0, refusals: 0 });
    expect(connections!.switches).toBeGreaterThan(4);
    const { stdout } = await home.run('compute', 'show', 'shop');
    expect(stdout).toMatch(/connections +at most 2 shared: 0 in use, 2 idle, 0 sessions wait; waited/);
    const metrics = (await home.run('agent', 'metrics')).stdout;
    expect(metrics).toContain('doze_shared_connections{use="idle"} 2');
    await Promise.all(clients.map((client) => client.end()));
  });

  it('are refused with the number that drivers know, and what to type', async () => {
    const holders = await Promise.all([mysql2.createConnection(url), mysql2.createConnection(url)]);
    for (const holder of holders) await holder.beginTransaction();
    const refused = await mysql2.createConnection(url).catch((error: unknown) => error);
    expect(refused).toMatchObject({ errno: 1040, sqlState: '08004' });
    expect(String(refused)).toContain('doze compute set shop --pool-size 4');
    for (const holder of holders) await holder.end();
  });

  it('are more, or none, from the next session on', async () => {
    const more = await home.json<{ action: string }>('compute', 'set', 'shop', '--pool-size', '5');
    expect(more.action).toBe('changed');
    expect((await show()).connectionPool).toEqual({ size: 5 });
    await home.json('compute', 'set', 'shop', '--pool', 'off');
    expect((await show()).connectionPool).toBeNull();
    const client = await mysql2.createConnection(url);
    expect((await client.query('SELECT 1 AS x'))[0]).toEqual([{ x: 1 }]);
    await client.end();
  });

  it('are not set to nothing', async () => {
    const { code, stderr } = await home.run('compute', 'set', 'shop');
    expect(code).toBe(2);
    expect(stderr).toContain('doze compute set shop --pool transaction');
  });
});
