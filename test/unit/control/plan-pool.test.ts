import { describe, expect, it } from 'vitest';

import { planPool, type PoolStep } from '../../../src/lib/control/pool/plan-pool.ts';
import type { Spare } from '../../../src/lib/domain/index.ts';

function spare(id: string, state: Spare['state'] = 'ready', recipe = 'new'): Spare {
  return {
    id,
    pool: null,
    engine: 'mariadb',
    engineVersion: '10.11',
    driver: 'fake',
    image: null,
    recipe,
    cu: 0.5,
    state,
    createdAtMs: 0,
  };
}

const NOTHING: PoolStep = { kind: 'nothing' };
const [one, two, three] = [spare('c1'), spare('c2'), spare('c3')];

describe('the next step of a pool', () => {
  it.each<[string, number, string | null, readonly Spare[], PoolStep]>([
    ['makes what is missing', 2, 'new', [one], { kind: 'make', recipe: 'new' }],
    ['is none when it is full', 2, 'new', [one, two], NOTHING],
    ['discards the newest of too many', 1, 'new', [one, two, three], { kind: 'discard', spare: three }],
    [
      'discards one that is being made before one that is ready',
      1,
      'new',
      [spare('c1', 'making'), two],
      { kind: 'discard', spare: spare('c1', 'making') },
    ],
    ['discards all of a pool that is not wanted', 0, null, [one], { kind: 'discard', spare: one }],
    [
      'finishes what was begun',
      2,
      'new',
      [one, spare('c2', 'making')],
      { kind: 'finish', spare: spare('c2', 'making') },
    ],
    [
      'finishes discarding before anything else',
      2,
      'new',
      [spare('c1', 'discarding')],
      { kind: 'discard', spare: spare('c1', 'discarding') },
    ],
    [
      'discards what an older image made, and makes another after that',
      1,
      'new',
      [spare('c1', 'ready', 'old')],
      { kind: 'discard', spare: spare('c1', 'ready', 'old') },
    ],
    ['keeps what there is while the image is not to be had', 2, null, [spare('c1', 'ready', 'old')], NOTHING],
    ['does not go on making while the image is not to be had', 2, null, [spare('c1', 'making')], NOTHING],
  ])('%s', (_title, size, recipe, spares, step) => {
    expect(planPool({ size, recipe }, spares)).toEqual(step);
  });
});
