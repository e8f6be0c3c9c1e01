import { kill } from 'node:process';

import { afterAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../src/lib/clock.ts';
import { createTestHome } from '../support/cli.ts';

interface View {
  readonly cache: { readonly bytes: number; readonly isWarming: boolean } | null;
}

interface Usage {
  readonly total: { readonly wakes: number };
}

const MIB = 1024 ** 2;
/** Of the rows alone; a server that has just started and read nothing of them has a third of it. */
const SET_BYTES = 60 * MIB;
const LOOKS = 240;
const LOOK_MS = 250;
const FILL = `CREATE TABLE bulk (id INT PRIMARY KEY, noise VARBINARY(1000) NOT NULL);
  INSERT INTO bulk SELECT seq, REPEAT('x', 1000) FROM seq_1_to_64000`;

const clock = createSystemClock();

describe.each(['docker', 'process'])('what a compute on %s had cached', { timeout: 180_000 }, (driver) => {
  const home = createTestHome();
  afterAll(() => home[Symbol.asyncDispose]());

  async function cache(): Promise<View['cache']> {
    return (await home.json<View>('compute', 'show', 'shop')).cache;
  }

  /** Looking at it is no use of the compute. The last look is what the test then complains of. */
  async function whenWarm(): Promise<View['cache']> {
    let seen: View['cache'] = null;
    for (let look = 0; look < LOOKS && (seen === null || seen.isWarming); look += 1) {
      seen = await cache();
      if (seen === null || seen.isWarming) await clock.sleep(LOOK_MS);
    }
    return seen;
  }

  const park = () => home.json('compute', 'suspend', 'shop', '--depth', 'parked');
  const wake = () => home.json('compute', 'connect', 'shop', '-e', 'SELECT 1');

  it('comes back by itself after a wake', async () => {
    await home.json('compute', 'start', 'shop', '--driver', driver, '--size', '0.25', '--suspend-after', 'never');
    await home.json('compute', 'connect', 'shop', '-e', FILL);
    expect(await whenWarm()).toMatchObject({ isWarming: false });
    await park();
    expect(await cache()).toBeNull();
    await wake();
    const warm = await whenWarm();
    expect(warm).toMatchObject({ isWarming: false });
    expect(warm?.bytes).toBeGreaterThan(SET_BYTES);
  });

  it('is not forgotten by a sleep that comes before it is back', async () => {
    await park();
    await wake();
    await park();
    await wake();
    expect((await whenWarm())?.bytes).toBeGreaterThan(SET_BYTES);
  });

  it('comes back as well when the agent is killed meanwhile', async () => {
    await park();
    await wake();
    const { pid } = await home.json<{ pid: number }>('agent', 'status');
    kill(pid, 'SIGKILL');
    expect((await whenWarm())?.bytes).toBeGreaterThan(SET_BYTES);
    await park();
    await wake();
    expect((await whenWarm())?.bytes).toBeGreaterThan(SET_BYTES);
  });

  it('keeps no compute awake, and is no wake', async () => {
    const before = await home.json<Usage>('usage', 'report');
    await park();
    await wake();
    await whenWarm();
    await park();
    const { total } = await home.json<Usage>('usage', 'report');
    expect(total.wakes).toBe(before.total.wakes + 1);
  });
});
