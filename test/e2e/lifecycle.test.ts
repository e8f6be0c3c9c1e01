import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { createTestHome, doze } from '../support/cli.ts';

interface View {
  readonly name: string;
  readonly state: string;
  readonly depth: string | null;
  readonly url: string;
  readonly port: number;
  readonly action: string;
  readonly changed: boolean;
  readonly wakes: number;
}

const FIELDS = ['id', 'name', 'project', 'engine', 'version', 'state', 'depth', 'size', 'url', 'host', 'port', 'user'];

const home = createTestHome();
afterEach(async () => {
  await home.run('compute', 'destroy', 'shop', '--purge', '--confirm', 'shop');
});
afterAll(() => home[Symbol.asyncDispose]());

describe('a compute on the process driver', () => {
  it('goes from start to destroyed and back with its rows, by commands alone', async () => {
    const started = await home.json<View>(
      'compute',
      'start',
      'shop',
      '--driver',
      'process',
      '--suspend-after',
      'never',
    );
    expect(started).toMatchObject({ name: 'shop', state: 'active', depth: null, action: 'created', changed: true });
    expect(Object.keys(started)).toEqual(expect.arrayContaining([...FIELDS, 'database', 'createdAt', 'wakeMs']));
    expect(started.url).toMatch(/^mysql:\/\/[^:]+:[^@]+@127\.0\.0\.1:\d+\/shop$/);
    expect((await home.run('compute', 'url', 'shop')).stdout).toBe(`${started.url}\n`);
    expect(await home.json<View>('compute', 'start', 'shop')).toMatchObject({ action: 'unchanged', changed: false });

    const sql = 'CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(9)); INSERT INTO t VALUES (1, "x"), (2, NULL)';
    expect((await home.run('compute', 'connect', 'shop', '-e', sql)).code).toBe(0);
    expect((await home.run('compute', 'connect', 'shop', '-e', 'SELECT * FROM t')).stdout).toBe(
      'a  b\n1  x\n2  NULL\n',
    );

    const suspended = await home.json<View>('compute', 'suspend', 'shop');
    expect(suspended).toMatchObject({ state: 'suspended', depth: 'parked', action: 'suspended' });
    expect(await home.json<View>('compute', 'suspend', 'shop')).toMatchObject({ changed: false });
    expect(await home.json<View[]>('compute', 'list')).toMatchObject([{ name: 'shop', state: 'suspended' }]);

    const rows = await home.json<unknown[]>('compute', 'connect', 'shop', '-e', 'SELECT a, b FROM t');
    expect(rows).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: null },
    ]);
    expect(await home.json<View>('compute', 'show', 'shop')).toMatchObject({ state: 'active', wakes: 1 });
    expect((await home.run('compute', 'show', 'shop', '--wake')).stdout).toMatch(
      /PHASE +MS +SHARE[^]*total[^]*SERVER'S OWN START +MS +SHARE[^]*accounts[^]*all of it/,
    );

    await home.json('compute', 'suspend', 'shop', '--depth', 'frozen');
    expect(await home.json<View>('compute', 'resume', 'shop')).toMatchObject({ action: 'resumed', state: 'active' });
    expect(await home.json<View>('compute', 'restart', 'shop')).toMatchObject({ action: 'restarted' });

    const destroyed = await home.json<View>('compute', 'destroy', 'shop', '--confirm', 'shop');
    expect(destroyed).toMatchObject({ state: 'destroyed', action: 'destroyed' });
    expect(await home.json<View[]>('compute', 'list')).toEqual([]);
    expect(await home.json<View[]>('compute', 'list', '--destroyed')).toMatchObject([{ name: 'shop' }]);

    const restored = await home.json<View>('compute', 'start', 'shop', '--restore');
    expect(restored).toMatchObject({ action: 'restored', state: 'active', url: started.url });
    const count = await home.json('compute', 'connect', 'shop', '-e', 'SELECT COUNT(*) AS n FROM t');
    expect(count).toEqual([{ n: 2 }]);

    const report = await home.json<{ computes: { compute: string; activeSeconds: number; wakes: number }[] }>(
      'usage',
      'report',
    );
    expect(report.computes).toMatchObject([{ compute: 'shop', wakes: 1 }]);
    expect(report.computes[0]?.activeSeconds).toBeGreaterThan(0);

    const purged = await home.json<View>('compute', 'destroy', 'shop', '--purge', '--confirm', 'shop');
    expect(purged.action).toBe('purged');
    const gone = await home.run('compute', 'start', 'shop', '--restore', '--json');
    expect(gone.code).toBe(3);
    expect(JSON.parse(gone.stdout)).toMatchObject({ error: { code: 'NOTHING_TO_RESTORE' } });
  });

  it('never shows its password unless it is asked for', async () => {
    const { url } = await home.json<View>('compute', 'start', 'shop', '--driver', 'process');
    const password = decodeURIComponent(new URL(url).password);
    expect(password.length).toBeGreaterThan(10);
    for (const args of [['list'], ['show', 'shop'], ['start', 'shop'], ['events', 'shop'], ['logs', 'shop']]) {
      const { stdout, stderr } = await home.run('compute', ...args);
      expect(stdout + stderr).not.toContain(password);
    }
    expect((await home.run('agent', 'logs', '--tail', '1000')).stdout).not.toContain(password);
    expect((await home.run('compute', 'show', 'shop', '--show-password')).stdout).toContain(password);
  });

  it('is named when its name was mistyped', async () => {
    await home.json('compute', 'start', 'shop', '--driver', 'process');
    const { code, stderr } = await home.run('compute', 'show', 'shpo');
    expect(code).toBe(3);
    expect(stderr).toContain('did you mean "shop"?');
    expect(stderr).toContain('Next: doze compute show shop');
  });

  it('takes SQL from stdin', async () => {
    await home.json('compute', 'start', 'shop', '--driver', 'process');
    const outcome = await doze(['compute', 'connect', 'shop'], { home: home.path, input: 'SELECT 6 * 7 AS answer;\n' });
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toContain('42');
  });
});

describe('waiting', () => {
  it('ends with 7 after --timeout and with 130 after Ctrl-C', async () => {
    await home.json('compute', 'start', 'shop', '--driver', 'process', '--suspend-after', 'never');
    const wait = ['compute', 'wait', 'shop', '--state', 'suspended'];
    const timedOut = await home.run(...wait, '--timeout', '300ms', '--json');
    expect(timedOut.code).toBe(7);
    expect(JSON.parse(timedOut.stdout)).toMatchObject({ error: { code: 'TIMED_OUT', retryable: true } });
    const interrupted = await doze(wait, { home: home.path, onStarted: (kill) => kill('SIGINT') });
    expect(interrupted).toMatchObject({ code: 130, stdout: '' });
  });

  it('ends when the compute falls asleep by itself', async () => {
    await home.json('compute', 'start', 'shop', '--driver', 'process', '--suspend-after', '1s');
    const compute = await home.json<View>('compute', 'wait', 'shop', '--state', 'suspended', '--timeout', '60s');
    expect(compute).toMatchObject({ state: 'suspended', depth: 'parked' });
  });
});
