import { existsSync, globSync, mkdirSync, readFileSync, statSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createTestHome, doze, type CliRun, type TestHome } from '../support/cli.ts';
import { createSmallDisk } from '../support/small-disk.ts';

interface Event {
  readonly type: string;
  readonly at: string;
  readonly data: { readonly segmentStartedAt?: string; readonly segmentLengthMs?: number };
}

const MEBIBYTE = 1024 ** 2;
/** Room for the template and one compute, with some to spare for rows. */
const DISK_MEGABYTES = 220;
const START = ['compute', 'start', 'shop', '--driver', 'process', '--suspend-after', 'never'];
const DISK_FULL = {
  code: 8,
  error: { code: 'DISK_FULL', hint: expect.stringMatching(/doze|free some space/) as string },
};

/** Exit code and error of a command that is to fail. */
async function failureOf(run: Promise<CliRun>): Promise<unknown> {
  const { code, stdout } = await run;
  return { code, error: (JSON.parse(stdout) as { error: unknown }).error };
}

async function sql<Result = unknown>(home: TestHome, statement: string): Promise<Result> {
  return await home.json<Result>('compute', 'connect', 'shop', '-e', statement);
}

async function agentPid(home: TestHome): Promise<unknown> {
  return (await home.json('agent', 'status'))['pid'];
}

async function eventsOf(home: TestHome, type: string): Promise<Event[]> {
  const events = await home.json<Event[]>('compute', 'events', 'shop');
  return events.filter((event) => event.type === type);
}

async function activeSeconds(home: TestHome): Promise<number> {
  const { total } = await home.json<{ total: { activeSeconds: number } }>('usage', 'report');
  return total.activeSeconds;
}

describe('a start without room on the disk', () => {
  it('for the data template says so, leaves nothing behind, and works once there is room', async () => {
    const disk = createSmallDisk(DISK_MEGABYTES);
    await using home = createTestHome({}, disk);
    disk.fill(30 * MEBIBYTE);
    expect(await failureOf(home.run(...START, '--json'))).toMatchObject(DISK_FULL);
    expect(await home.json('compute', 'list')).toEqual([]);
    expect(globSync(`${home.path}/templates/*`)).toEqual([]);
    disk.empty();
    expect(await home.json(...START)).toMatchObject({ action: 'created', state: 'active' });
  });

  it('for a copy of the template says so, and the same command works once there is room', async () => {
    const disk = createSmallDisk(DISK_MEGABYTES);
    await using home = createTestHome({}, disk);
    await home.json(...START);
    disk.fill(20 * MEBIBYTE);
    const second = START.with(2, 'second');
    expect(await failureOf(home.run(...second, '--json'))).toMatchObject(DISK_FULL);
    const shown = await home.json('compute', 'show', 'second');
    expect(shown).toMatchObject({ state: 'failed', failure: { code: 'DISK_FULL' } });
    expect(await home.json('compute', 'show', 'shop')).toMatchObject({ state: 'active' });
    disk.empty();
    expect(await home.json(...second)).toMatchObject({ state: 'active' });
  });

  it('for the server says so, and its rows are there once there is room', async () => {
    const disk = createSmallDisk(DISK_MEGABYTES);
    await using home = createTestHome({}, disk);
    await home.json(...START);
    await sql(home, 'CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)');
    await home.json('compute', 'suspend', 'shop');
    disk.fill(5 * MEBIBYTE);
    expect(await failureOf(home.run('compute', 'resume', 'shop', '--json'))).toMatchObject(DISK_FULL);
    expect(await home.json('compute', 'show', 'shop')).toMatchObject({
      state: 'failed',
      failure: { code: 'DISK_FULL' },
    });
    disk.empty();
    expect(await home.json('compute', 'resume', 'shop')).toMatchObject({ state: 'active' });
    expect(await sql(home, 'SELECT a FROM t ORDER BY a')).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('for a copy says so, and leaves nothing half-made', async () => {
    const disk = createSmallDisk(DISK_MEGABYTES);
    await using home = createTestHome({}, disk);
    await home.json(...START);
    await sql(home, 'CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)');
    await home.json('compute', 'snapshot', 'create', 'shop', 'early');
    disk.fill(20 * MEBIBYTE);
    for (const command of [
      ['compute', 'clone', 'shop', 'twin'],
      ['compute', 'snapshot', 'create', 'shop', 'late'],
      ['compute', 'snapshot', 'restore', 'shop', 'early', '--confirm', 'shop'],
    ]) {
      expect(await failureOf(home.run(...command, '--json')), command.join(' ')).toMatchObject(DISK_FULL);
      // Nobody is asleep for it, or awake in the middle of something.
      expect(await sql(home, 'SELECT COUNT(*) AS n FROM t')).toEqual([{ n: 2 }]);
    }
    expect(await home.json('compute', 'list')).toMatchObject([{ name: 'shop' }]);
    expect(await home.json('compute', 'snapshot', 'list', 'shop')).toMatchObject([{ name: 'early' }]);
    expect(globSync(`${home.path}/computes/*`)).toHaveLength(1);
    expect(globSync(`${home.path}/snapshots/*/*`)).toHaveLength(1);
    disk.empty();
    expect(await home.json('compute', 'destroy', 'shop', '--purge', '--confirm', 'shop')).toMatchObject({
      action: 'purged',
    });
    expect(globSync(`${home.path}/snapshots/*`)).toEqual([]);
  });

  it('for the agent says so', async () => {
    using disk = createSmallDisk(4);
    const home = `${disk.path}/home`;
    mkdirSync(home);
    disk.fill();
    expect(await failureOf(doze(['agent', 'start', '--json'], { home }))).toMatchObject(DISK_FULL);
  });
});

describe('a disk that fills up under a running compute', () => {
  it('refuses what would have to be written down, and loses nothing', async () => {
    const disk = createSmallDisk(DISK_MEGABYTES);
    await using home = createTestHome({}, disk);
    await home.json(...START);
    await sql(home, 'CREATE TABLE t (a INT AUTO_INCREMENT PRIMARY KEY, b VARCHAR(4000))');
    await sql(home, "INSERT INTO t (b) VALUES ('one'), ('two')");
    const pid = await agentPid(home);
    disk.fill();

    const insert = "INSERT INTO t (b) SELECT REPEAT('x', 4000) FROM seq_1_to_2000";
    expect(await failureOf(home.run('compute', 'connect', 'shop', '-e', insert, '--json'))).toMatchObject({
      error: { code: 'SQL_FAILED', details: { errno: 1114 } },
    });
    for (const command of [
      ['compute', 'suspend', 'shop'],
      ['compute', 'restart', 'shop'],
      START.with(2, 'second'),
      ['config', 'set', 'suspendAfter', '1m'],
    ]) {
      expect(await failureOf(home.run(...command, '--json')), command.join(' ')).toMatchObject(DISK_FULL);
    }
    expect(await sql(home, 'SELECT COUNT(*) AS n FROM t')).toEqual([{ n: 2 }]);
    expect(await home.json('compute', 'show', 'shop')).toMatchObject({ state: 'active' });
    const whileFull = await activeSeconds(home);
    const problem = async (): Promise<unknown> => (await home.json('agent', 'status'))['ledgerProblem'];
    await expect.poll(problem, { timeout: 30_000, interval: 500 }).toMatchObject({ code: 'DISK_FULL' });
    expect(await checkOf(home, 'ledger')).toMatchObject({
      status: 'failed',
      hint: expect.stringContaining('free some') as string,
    });

    disk.empty();
    await expect.poll(problem, { timeout: 30_000, interval: 500 }).toBeNull();
    expect(await checkOf(home, 'ledger')).toMatchObject({ status: 'ok' });
    await sql(home, "INSERT INTO t (b) VALUES ('three')");
    expect(await home.json('compute', 'suspend', 'shop')).toMatchObject({ state: 'suspended' });
    const [started] = await eventsOf(home, 'started');
    const [suspended] = await eventsOf(home, 'suspendRequested');
    expect(whileFull).toBeGreaterThan(0);
    expect(await activeSeconds(home)).toBeCloseTo(secondsBetween(started, suspended), 1);
    expect(await sql(home, 'SELECT b FROM t ORDER BY a')).toEqual([{ b: 'one' }, { b: 'two' }, { b: 'three' }]);
    expect(await agentPid(home)).toBe(pid);
  });

  it('bills every second, also of a time in which its agent was dead and no other could write', async () => {
    const disk = createSmallDisk(DISK_MEGABYTES);
    await using home = createTestHome({}, disk);
    await home.json(...START);
    await sql(home, 'CREATE TABLE t (a INT); INSERT INTO t VALUES (1)');
    const pid = Number(await agentPid(home));
    disk.fill();
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
    // What it holds open is freed with it.
    disk.empty();
    disk.fill();
    // Whether it starts is a matter of a few bytes; if it does not, it says why.
    const listed = await home.run('compute', 'list', '--json');
    expect(listed.code === 0 || listed.stdout.includes('DISK_FULL'), listed.stdout + listed.stderr).toBe(true);
    disk.empty();
    await sql(home, 'INSERT INTO t VALUES (2)');
    expect(await home.json('compute', 'suspend', 'shop')).toMatchObject({ state: 'suspended' });
    const [started] = await eventsOf(home, 'started');
    const [suspended] = await eventsOf(home, 'suspendRequested');
    expect(await activeSeconds(home)).toBeCloseTo(secondsBetween(started, suspended), 1);
    expect(await sql(home, 'SELECT a FROM t ORDER BY a')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(await checkOf(home, 'store')).toMatchObject({ status: 'ok' });
  });

  it('keeps the instant at which the server died until it can be put on record', async () => {
    const disk = createSmallDisk(DISK_MEGABYTES);
    await using home = createTestHome({}, disk);
    await home.json(...START);
    await sql(home, 'CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)');
    const pid = await agentPid(home);
    disk.fill();
    const run = globSync(`${home.path}/computes/*/run`)[0] ?? '';
    process.kill(Number(readFileSync(`${run}/server`, 'utf8').split(' ')[0]), 'SIGABRT');
    await expect.poll(() => existsSync(`${run}/exit`), { timeout: 20_000 }).toBe(true);
    const diedAt = statSync(`${run}/exit`).mtimeMs;

    for (const verb of ['suspend', 'resume', 'restart']) {
      expect(await failureOf(home.run('compute', verb, 'shop', '--json')), verb).toMatchObject(DISK_FULL);
    }
    const refused = await home.run('compute', 'connect', 'shop', '-e', 'SELECT 1', '--json');
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { details: { errno: 1021 } } });
    const shown = await home.json<{ awakeBecause: string[] }>('compute', 'show', 'shop');
    expect(shown.awakeBecause).toEqual([expect.stringContaining('on record only')]);
    expect(await agentPid(home)).toBe(pid);

    disk.empty();
    expect(await home.json('compute', 'resume', 'shop')).toMatchObject({ state: 'active', action: 'resumed' });
    expect(await sql(home, 'SELECT a FROM t ORDER BY a')).toEqual([{ a: 1 }, { a: 2 }]);
    const [started] = await eventsOf(home, 'started');
    const [crashed] = await eventsOf(home, 'instanceCrashed');
    const livedMs = diedAt - Date.parse(started?.data.segmentStartedAt ?? '');
    expect((crashed?.data.segmentLengthMs ?? Number.NaN) / 1000).toBeCloseTo(livedMs / 1000, 1);
    expect(await agentPid(home)).toBe(pid);
  });
});

interface Check {
  readonly name: string;
  readonly status: string;
  readonly hint: string | null;
}

/** It fails where a check does. */
async function checkOf(home: TestHome, name: string): Promise<Check | undefined> {
  const { stdout } = await home.run('doctor', '--json');
  return (JSON.parse(stdout) as Check[]).find((check) => check.name === name);
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`);
}

function secondsBetween(started: Event | undefined, suspended: Event | undefined): number {
  return (Date.parse(suspended?.at ?? '') - Date.parse(started?.data.segmentStartedAt ?? '')) / 1000;
}
