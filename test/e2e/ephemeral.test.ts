import { existsSync, readdirSync } from 'node:fs';
import { kill } from 'node:process';

import mysql2 from 'mysql2/promise';
import { afterAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

interface View {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly state: string;
  readonly ephemeral: boolean;
  readonly leaseSeconds: number | null;
  readonly leaseExpiresAt: string | null;
  readonly notes: readonly string[];
}

const home = createTestHome();
afterAll(() => home[Symbol.asyncDispose]());

const DRIVER = ['--driver', 'process', '--suspend-after', 'never'];
const start = (name: string, ...flags: string[]): Promise<View> =>
  home.json<View>('compute', 'start', name, '--ephemeral', ...DRIVER, ...flags);

async function names(...flags: string[]): Promise<string[]> {
  return (await home.json<View[]>('compute', 'list', ...flags)).map(({ name }) => name);
}

async function gone(name: string): Promise<void> {
  while ((await names()).includes(name)) await pause();
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

/** Files of a compute in its home. */
function filesOf({ id }: View): string[] {
  return readdirSync(home.path, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes(id));
}

describe('an ephemeral compute', () => {
  it('says when it ends, wherever it is shown', async () => {
    const { name, ephemeral, leaseSeconds, leaseExpiresAt, notes } = await start('ci-show', '--lease', '2h');
    expect({ ephemeral, leaseSeconds }).toEqual({ ephemeral: true, leaseSeconds: 7200 });
    expect(notes[0]).toMatch(/^ephemeral: destroyed with its data in (2 h|1 h 59 min), at 20/);
    expect((await home.json<View[]>('compute', 'list'))[0]).toMatchObject({ name, ephemeral, leaseExpiresAt });
    expect((await home.run('compute', 'show', name)).stdout).toContain('ephemeral: destroyed with its data at 20');
    expect((await home.run('compute', 'list')).stdout).toMatch(/ENDS\n.* in (2 h|1 h 59 min)\n/);
    const again = await home.run('compute', 'start', name);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('its lease was renewed');
  });

  it('takes its data and clients with it at the end, and they are told why', async () => {
    const view = await start('ci-end');
    const connection = await mysql2.createConnection(view.url);
    await connection.query('CREATE TABLE t (a INT)');
    const closed = new Promise((resolve) => connection.on('error', resolve));
    const running = connection.query('SELECT SLEEP(300)').then(
      () => null,
      (error: unknown) => error,
    );
    expect(filesOf(view)).not.toEqual([]);
    await home.json('compute', 'set', view.name, '--lease', '1s');
    expect(await Promise.race([running, closed])).toMatchObject({
      errno: 1927,
      message: 'the lease of the ephemeral compute "ci-end" is over: it is destroyed',
    });
    await gone(view.name);
    expect(filesOf(view)).toEqual([]);
    expect(await names('--destroyed')).toEqual([]);
    expect(await home.run('compute', 'start', view.name, '--restore')).toMatchObject({ code: 3 });
    const events = await home.json<{ type: string; data: object }[]>('compute', 'events');
    expect(events.filter(({ type }) => type === 'destroyRequested')).toMatchObject([
      { data: { reason: 'lease', isPurge: true } },
    ]);
  });

  it.each(['is stopped', 'is killed'])('is gone when it was due while its agent %s', async (how) => {
    const view = await start(how === 'is killed' ? 'ci-killed' : 'ci-stopped');
    const { leaseExpiresAt } = await home.json<View>('compute', 'set', view.name, '--lease', '3s');
    const { pid } = await home.json<{ pid: number }>('agent', 'status');
    if (how === 'is killed') kill(pid, 'SIGKILL');
    else await home.json('agent', 'stop');
    while (Date.now() <= Date.parse(leaseExpiresAt ?? '')) await pause();
    expect(filesOf(view)).not.toEqual([]);
    await gone(view.name);
    while (filesOf(view).length > 0) await pause();
    expect(existsSync(home.path)).toBe(true);
    expect(await names('--destroyed')).toEqual([]);
  });

  it('is purged by destroy, without grace', async () => {
    const view = await start('ci-destroy');
    const { code, stdout } = await home.run('compute', 'destroy', view.name, '--confirm', view.name);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ci-destroy destroyed, its data deleted\n' });
    expect(filesOf(view)).toEqual([]);
  });

  it('stays when it is kept, and then is a compute as any other', async () => {
    const view = await start('ci-keep');
    const kept = await home.json<View>('compute', 'set', view.name, '--keep');
    expect(kept).toMatchObject({ ephemeral: false, leaseSeconds: null, leaseExpiresAt: null });
    expect(await home.run('compute', 'set', view.name, '--lease', '1h')).toMatchObject({ code: 5 });
    expect((await home.run('compute', 'destroy', view.name, '--confirm', view.name)).stdout).toContain('is kept until');
  });

  it('is made of another by a clone, and not without being asked', async () => {
    const seed = await start('ci-seed');
    const copy = await home.json<View>('compute', 'clone', seed.name, 'ci-copy');
    expect(copy).toMatchObject({ ephemeral: false });
    const other = await home.json<View>('compute', 'clone', copy.name, 'ci-other', '--ephemeral', '--lease', '10m');
    expect(other).toMatchObject({ ephemeral: true, leaseSeconds: 600 });
  });

  it.each([
    [['start', 'ci-new', '--lease', '1h'], 2, '--lease goes with --ephemeral'],
    [['start', 'ci-new', '--ephemeral', '--lease', 'soon'], 2, '"soon" is not a duration'],
    [['start', 'ci-new', '--ephemeral', '--lease', '31d'], 2, 'a lease of 31 d is not possible'],
    [['set', 'ci-show', '--lease', '1h', '--keep'], 2, 'use one of them'],
    [['set', 'ci-new', '--keep'], 3, 'there is no compute "ci-new"'],
    [['set', 'ci-show'], 2, 'there is nothing to set'],
  ])('is refused as doze compute %s', async (args, code, message) => {
    const outcome = await home.run('compute', ...args);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });
});
