import mysql2 from 'mysql2/promise';
import { afterAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

const home = createTestHome({ DOZE_DRAIN_TIMEOUT: '60s' });
afterAll(() => home[Symbol.asyncDispose]());

describe('an agent that is told to stop', () => {
  it('lets a transaction come to its end, and the next one takes its ports and its database', async () => {
    await home.json('compute', 'start', 'shop', '--driver', 'process', '--suspend-after', 'never');
    const { url } = await home.json<{ url: string }>('compute', 'show', 'shop', '--show-password');
    const working = await mysql2.createConnection(url);
    const idle = await mysql2.createConnection(url);
    const ended = new Promise((resolve) => idle.on('error', resolve));
    await working.query('CREATE TABLE t (a INT)');
    await working.query('BEGIN');
    await working.query('INSERT INTO t VALUES (1)');

    const stopping = home.run('agent', 'stop');
    expect(await ended).toMatchObject({ code: 1053, message: 'the agent stops; connect again' });
    await working.query('INSERT INTO t VALUES (2)');
    const next = home.json<{ url: string; state: string }>('compute', 'show', 'shop', '--show-password');
    await working.query('COMMIT');
    expect((await stopping).code).toBe(0);
    expect(await next).toMatchObject({ url, state: 'active' });
    const again = await mysql2.createConnection(url);
    expect((await again.query('SELECT COUNT(*) AS n FROM t'))[0]).toEqual([{ n: 2 }]);
    await again.end();
    for (const connection of [working, idle]) connection.destroy();
  });
});
