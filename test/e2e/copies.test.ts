import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../src/lib/clock.ts';
import { connect, type SqlConnection } from '../../src/lib/sql/index.ts';
import { createTestHome, type TestHome } from '../support/cli.ts';

interface Cloned {
  readonly url: string;
  readonly copy: { readonly frozenMs: number | null; readonly consistency: string; readonly bytes: number };
}

const clock = createSystemClock();

function open(url: string, signal: AbortSignal): Promise<SqlConnection> {
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  return connect({ host, port: Number(port), user, password, database: pathname.slice(1) }, { signal });
}

/** Transactions of two rows, and beside them rows in tables without transactions, until told to stop. */
async function write(url: string, until: AbortSignal, committed: { last: number }): Promise<void> {
  await using connection = await open(url, AbortSignal.timeout(120_000));
  for (let n = 1; !until.aborted; n += 1) {
    await connection.queryRows('START TRANSACTION');
    await connection.queryRows('INSERT INTO pairs VALUES (?, 1)', [n]);
    await connection.queryRows('INSERT INTO pairs VALUES (?, 2)', [n]);
    await connection.queryRows('COMMIT');
    await connection.queryRows('INSERT INTO plain_aria VALUES (?, REPEAT("x", 500))', [n]);
    await connection.queryRows('INSERT INTO plain_myisam VALUES (?, REPEAT("x", 500))', [n]);
    committed.last = n;
  }
}

describe.each(['docker', 'process'] as const)('copies of a compute on %s', (driver) => {
  let home: TestHome;
  let url: string;

  beforeAll(async () => {
    home = createTestHome();
    const started = await home.json<{ url: string }>(
      ...['compute', 'start', 'shop', '--driver', driver, '--size', '0.25', '--suspend-after', 'never'],
    );
    url = started.url;
    await using connection = await open(url, AbortSignal.timeout(60_000));
    for (const sql of [
      'CREATE TABLE pairs (n INT, half INT, PRIMARY KEY (n, half)) ENGINE=InnoDB',
      'CREATE TABLE plain_aria (n INT PRIMARY KEY, text VARCHAR(600)) ENGINE=Aria TRANSACTIONAL=0',
      'CREATE TABLE plain_myisam (n INT PRIMARY KEY, text VARCHAR(600)) ENGINE=MyISAM',
    ]) {
      await connection.queryRows(sql);
    }
  });
  afterAll(async () => home[Symbol.asyncDispose]());

  it('taken under writes have all of a transaction or nothing, and whole tables without transactions', async () => {
    const stop = new AbortController();
    const committed = { last: 0 };
    const writing = Promise.all([write(url, stop.signal, committed)]);
    for (const name of ['one', 'two', 'three']) {
      await clock.sleep(300);
      const before = committed.last;
      const clone = await home.json<Cloned>('compute', 'clone', 'shop', name);
      const after = committed.last;
      expect(clone.copy).toMatchObject({ consistency: 'consistent', frozenMs: expect.any(Number) as number });
      await using connection = await open(clone.url, AbortSignal.timeout(60_000));
      const broken = await connection.queryRows('SELECT n FROM pairs GROUP BY n HAVING COUNT(*) <> 2');
      expect(broken).toEqual([]);
      const [found] = await connection.queryRows('SELECT MAX(n) AS n FROM pairs');
      expect(Number(found?.['n'])).toBeGreaterThanOrEqual(before);
      expect(Number(found?.['n'])).toBeLessThanOrEqual(after + 1);
      const checks = await connection.queryRows('CHECK TABLE pairs, plain_aria, plain_myisam EXTENDED');
      expect(checks.map((row) => row['Msg_text'])).toEqual(['OK', 'OK', 'OK']);
      await home.json('compute', 'destroy', name, '--purge', '--confirm', name);
    }
    stop.abort();
    await writing;
    expect(committed.last).toBeGreaterThan(5);
  });

  it.each(['frozen', 'hibernated', 'parked', 'stopped', 'removed'])(
    'of one that is %s have every row',
    async (depth) => {
      await using connection = await open(url, AbortSignal.timeout(120_000));
      const [before] = await connection.queryRows('SELECT COUNT(*) AS n FROM pairs');
      await connection.close();
      const asleep = await home
        .json<{ depth: string }>('compute', 'suspend', 'shop', '--depth', depth)
        .catch(() => null);
      // A host that cannot hibernate says so; the other depths it has.
      if (asleep === null) expect(depth).toBe('hibernated');
      const clone = await home.json<Cloned>('compute', 'clone', 'shop', 'twin');
      if (asleep !== null) {
        expect(clone.copy.frozenMs).toBeNull();
        const shown = await home.json<{ state: string; depth: string }>('compute', 'show', 'shop');
        expect(shown).toMatchObject({ state: 'suspended', depth: asleep.depth });
      }
      await using twin = await open(clone.url, AbortSignal.timeout(60_000));
      expect(await twin.queryRows('SELECT COUNT(*) AS n FROM pairs')).toEqual([before]);
      await twin.close();
      await home.json('compute', 'destroy', 'twin', '--purge', '--confirm', 'twin');
    },
  );

  it('have passwords of their own: neither opens the other', async () => {
    const clone = await home.json<Cloned>('compute', 'clone', 'shop', 'twin');
    const [shop, twin] = [new URL(url), new URL(clone.url)];
    expect(twin.password).not.toBe(shop.password);
    const mixed = new URL(clone.url);
    mixed.password = shop.password;
    await expect(open(mixed.href, AbortSignal.timeout(30_000))).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await using connection = await open(clone.url, AbortSignal.timeout(30_000));
    await connection.queryRows('CREATE TABLE only_here (a INT)');
    await using original = await open(url, AbortSignal.timeout(30_000));
    expect(await original.queryRows("SHOW TABLES LIKE 'only_here'")).toEqual([]);
    await home.json('compute', 'destroy', 'twin', '--purge', '--confirm', 'twin');
  });

  it('put the compute back, with the password that it had', async () => {
    await using before = await open(url, AbortSignal.timeout(60_000));
    const count = await before.queryRows('SELECT COUNT(*) AS n FROM pairs');
    await home.json('compute', 'snapshot', 'create', 'shop', 'good');
    await before.queryRows('DROP TABLE pairs');
    await before.close();
    const back = await home.json('compute', 'snapshot', 'restore', 'shop', 'good', '--confirm', 'shop');
    expect(back).toMatchObject({ action: 'restored', state: 'active' });
    await using after = await open(url, AbortSignal.timeout(60_000));
    expect(await after.queryRows('SELECT COUNT(*) AS n FROM pairs')).toEqual(count);
    await after.close();
    const clone = await home.json<Cloned>('compute', 'clone', 'shop', 'twin', '--at', 'good');
    await using twin = await open(clone.url, AbortSignal.timeout(60_000));
    expect(await twin.queryRows('SELECT COUNT(*) AS n FROM pairs')).toEqual(count);
  });
});
