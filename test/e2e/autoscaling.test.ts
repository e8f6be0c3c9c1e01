import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { afterAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../src/lib/clock.ts';
import { createTestHome } from '../support/cli.ts';

interface View {
  readonly url: string;
  readonly size: { readonly min: number; readonly max: number; readonly now: number };
}

interface EventView {
  readonly type: string;
  readonly data: { readonly fromCu: number; readonly cu: number; readonly load: Record<string, number> | null };
}

const clock = createSystemClock();
const run = promisify(execFile);
const home = createTestHome({ DOZE_SCALE_DOWN_AFTER: '6s' });
afterAll(() => home[Symbol.asyncDispose]());

const LOOKS = 120;
const LOOK_MS = 500;

/** Until it is so; the last answer is what the test then complains of. */
async function sizeThat(isWanted: (cu: number) => boolean): Promise<number> {
  let cu = Number.NaN;
  for (let look = 0; look < LOOKS && !isWanted(cu); look += 1) {
    cu = (await home.json<View>('compute', 'show', 'shop')).size.now;
    if (!isWanted(cu)) await clock.sleep(LOOK_MS);
  }
  return cu;
}

/** @returns what sysbench counted, after its last word */
async function sysbench(url: string, ...command: string[]): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const { stdout } = await run('sysbench', [
    'oltp_read_only',
    `--mysql-host=${hostname}`,
    `--mysql-port=${port}`,
    `--mysql-user=${username}`,
    `--mysql-password=${password}`,
    `--mysql-db=${pathname.slice(1)}`,
    '--tables=1',
    '--table-size=20000',
    '--threads=4',
    ...command,
  ]);
  return stdout;
}

describe('a compute with a range of sizes under real load', { timeout: 180_000 }, () => {
  it('grows without a dropped connection, and shrinks when the load has gone', async () => {
    const args = ['--driver', 'docker', '--size', '0.25-1', '--suspend-after', 'never'];
    const { url, size } = await home.json<View>('compute', 'start', 'shop', ...args);
    expect(size).toEqual({ min: 0.25, max: 1, now: 0.25 });
    await sysbench(url, 'prepare');

    const load = sysbench(url, '--time=20', 'run');
    expect(await sizeThat((cu) => cu === 1)).toBe(1);
    const counted = await load;
    expect(counted).toMatch(/ignored errors: +0 /);
    expect(counted).toMatch(/reconnects: +0 /);

    expect(await sizeThat((cu) => cu === 0.25)).toBe(0.25);
    await sysbench(url, '--time=1', 'run');
    const events = await home.json<EventView[]>('compute', 'events', 'shop');
    const resized = events.filter(({ type }) => type === 'resized').map(({ data }) => data);
    expect(resized[0]).toMatchObject({ fromCu: 0.25, load: { memoryAsksCu: 0.25 } });
    for (const [at, { fromCu }] of resized.entries()) expect(fromCu).toBe(resized[at - 1]?.cu ?? 0.25);
  });
});
