import mysql2, { type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

interface View {
  readonly url: string;
  readonly state: string;
  readonly depth: string | null;
  readonly awakeBecause: readonly string[];
  readonly heldBecause: readonly string[];
  readonly endPinnedAfterSeconds: number | null;
}

interface Session {
  readonly id: number;
  readonly state: string;
  readonly why: string | null;
}

const home = createTestHome();
let url = '';
beforeAll(async () => {
  const flags = ['--driver', 'process', '--suspend-after', 'never'];
  ({ url } = await home.json<View>('compute', 'start', 'shop', ...flags));
});
afterAll(() => home[Symbol.asyncDispose]());

const list = (...flags: string[]): Promise<Session[]> => home.json<Session[]>('session', 'list', 'shop', ...flags);
const show = (): Promise<View> => home.json<View>('compute', 'show', 'shop');

/** What the client is told when its connection ends by itself. */
function endOf(connection: Connection): Promise<{ errno?: number; message: string }> {
  return new Promise((resolve) => connection.on('error', resolve));
}

async function settled(ask: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('sessions by commands', () => {
  it('are listed by what they keep, and killed with the statement that they run', async () => {
    const [watcher, sleeper] = [await mysql2.createConnection(url), await mysql2.createConnection(url)];
    const failure = sleeper.query('SELECT SLEEP(300)').then(
      () => null,
      (error: unknown) => error,
    );
    const running = async (): Promise<number> => {
      const sql = "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'";
      const [rows] = await watcher.query(sql);
      return (rows as { n: number }[])[0]?.n ?? -1;
    };
    await settled(async () => (await running()) === 1);
    expect(await list()).toMatchObject([{ id: sleeper.threadId, state: 'busy', why: 'runs a command' }]);
    expect(await list('--all')).toMatchObject([{ id: sleeper.threadId }, { id: watcher.threadId, state: 'idle' }]);
    expect((await home.run('session', 'list', 'shop')).stderr).toContain(
      '1 session keeps shop awake or from going deeper; 1 other does not: doze session list --all',
    );
    expect((await show()).awakeBecause[0]).toContain(`(session ${sleeper.threadId})`);

    const killed = await home.run('session', 'kill', String(sleeper.threadId));
    expect(killed).toMatchObject({ code: 0, stderr: '' });
    expect(killed.stdout).toMatch(/^session \d+ of shop ended: app from 127\.0\.0\.1:\d+, which runs a command\n$/);
    expect(await failure).toMatchObject({ errno: 1927, message: 'Connection was killed' });
    await settled(async () => (await running()) === 0);
    expect(await list()).toEqual([]);
    await watcher.end();
  });

  it('are refused with what to type when they are not there', async () => {
    const gone = await home.run('session', 'kill', '1');
    expect(gone).toMatchObject({ code: 3, stdout: '' });
    expect(gone.stderr).toContain('there is no session 1');
    expect(gone.stderr).toContain('doze session list --all');
    expect(await home.run('session', 'kill', 'shop')).toMatchObject({ code: 2 });
    const mistyped = await home.run('session', 'list', 'shpo');
    expect(mistyped).toMatchObject({ code: 3 });
    expect(mistyped.stderr).toContain('did you mean "shop"?');
  });

  it('end as the compute says when they alone keep it frozen, and not before they are in its way', async () => {
    const flags = ['--ladder', 'frozen:1s,parked:3s', '--end-pinned-after', '3s'];
    expect(await home.json<View>('compute', 'start', 'shop', ...flags)).toMatchObject({ endPinnedAfterSeconds: 3 });
    const connection = await mysql2.createConnection(url);
    const ending = endOf(connection);
    await connection.query('CREATE TEMPORARY TABLE mine (a INT)');
    expect(await ending).toMatchObject({ message: expect.stringContaining('kept compute "shop" from sleeping') });
    await settled(async () => (await show()).depth === 'parked');
    const events = await home.json<{ type: string; data: object }[]>('compute', 'events', 'shop');
    expect(events.filter(({ type }) => type === 'sessionEnded').map(({ data }) => data)).toMatchObject([
      { reason: 'killed', why: 'runs a command' },
      { reason: 'pinned', session: connection.threadId },
    ]);
  });

  it('are listed and killed without a wake while the compute sleeps', async () => {
    const flags = ['--ladder', 'frozen:1s', '--end-pinned-after', 'never'];
    await home.json<View>('compute', 'start', 'shop', ...flags);
    const [open, idle] = [await mysql2.createConnection(url), await mysql2.createConnection(url)];
    const ending = [endOf(open), endOf(idle)];
    await open.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    await settled(async () => (await show()).depth === 'frozen');
    expect(await list()).toMatchObject([{ id: open.threadId, state: 'transaction', why: 'has an open transaction' }]);
    const { wakes } = await home.json<{ wakes: number }>('compute', 'show', 'shop');
    await home.json('session', 'kill', String(open.threadId));
    await home.json('session', 'kill', String(idle.threadId));
    for (const end of ending) expect(await end).toMatchObject({ message: 'Connection was killed' });
    expect(await list('--all')).toEqual([]);
    expect(await home.json('compute', 'show', 'shop')).toMatchObject({ state: 'suspended', depth: 'frozen', wakes });
  });
});
