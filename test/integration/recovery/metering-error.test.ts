import { env, stdout } from 'node:process';

import { expect, it } from 'vitest';

import { createRandom } from '../../office-hours/random.ts';
import { liveMetered, type MeteredLife } from '../../support/metered-life.ts';

/** `DOZE_TEST_LIVES=100` for the figure in the documents. */
const LIVES = Number(env['DOZE_TEST_LIVES'] ?? 6);
const AT_ONCE = 4;
const SEED = Number(env['DOZE_TEST_SEED'] ?? Date.now() % 1_000_000);
/** Its clock has hundredths of a second. */
const TOLERANCE_MS = 25;

it(
  'what is billed is what the server was there for, to a second for each activation and never twice, whenever agents die',
  { timeout: 60_000 + LIVES * 30_000 },
  async () => {
    const random = createRandom(SEED);
    const lives: MeteredLife[] = [];
    for (let begun = 0; begun < LIVES; begun += AT_ONCE) {
      const seeds = Array.from({ length: Math.min(AT_ONCE, LIVES - begun) }, () => 1 + Math.floor(random.next() * 1e9));
      lives.push(...(await Promise.all(seeds.map((seed) => liveMetered(createRandom(seed))))));
    }
    const activations = lives.flatMap((life) => life.activations);
    const errors = activations.map(({ ownMs, onItsWayMs, billedMs }) => billedMs - (ownMs - onItsWayMs));
    const kills = lives.reduce((sum, life) => sum + life.kills, 0);
    const worst = Math.max(...errors.map(Math.abs));
    const ownMs = activations.reduce((sum, { ownMs: own, onItsWayMs }) => sum + own - onItsWayMs, 0);
    const billedMs = activations.reduce((sum, { billedMs: billed }) => sum + billed, 0);
    stdout.write(
      `${lives.length} lives (seed ${SEED}), ${kills} kills, ${activations.length} activations: ` +
        `billed ${(billedMs / 1000).toFixed(3)} s of ${(ownMs / 1000).toFixed(3)} s, worst error ${Math.round(worst)} ms\n`,
    );
    expect(activations.length).toBeGreaterThanOrEqual(LIVES);
    expect(lives.map(({ strayMs }) => strayMs)).toEqual(lives.map(() => 0));
    expect(lives.every(({ isConsistent }) => isConsistent)).toBe(true);
    expect(worst).toBeLessThanOrEqual(1000);
    for (const activation of activations)
      expect(activation.billedMs, JSON.stringify(activation)).toBeLessThanOrEqual(activation.ownMs + TOLERANCE_MS);
  },
);
