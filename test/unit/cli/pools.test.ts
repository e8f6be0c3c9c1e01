import { describe, expect, it } from 'vitest';

import type { PoolView } from '../../../src/lib/api/client/index.ts';
import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { poolSentence, poolTable } from '../../../src/lib/cli/views/index.ts';

const POOL: PoolView = {
  image: null,
  size: 2,
  ready: 2,
  making: 0,
  discarding: 0,
  runs: { driver: 'docker', image: 'doze/mariadb:10.11', version: '10.11' },
  problem: null,
};
const PROBLEM = { code: 'IMAGE_UNAVAILABLE', message: 'image x:1 is gone', hint: null, retryAt: '' };

function lastCells(pool: PoolView): string {
  const [, row = ''] = poolTable([pool], { paint: PLAIN, width: null }).split('\n');
  return row.replaceAll(/ {2,}/g, '|');
}

describe('a pool on the screen', () => {
  it.each<[Partial<PoolView>, string]>([
    [{}, 'default (doze/mariadb:10.11)|docker|10.11|2 of 2|full'],
    [{ ready: 1, making: 1 }, 'default (doze/mariadb:10.11)|docker|10.11|1 of 2|filling'],
    [{ size: 0 }, 'default (doze/mariadb:10.11)|docker|10.11|2 of 0|emptying'],
    [{ image: 'x:1', problem: PROBLEM }, 'x:1|docker|10.11|2 of 2|image x:1 is gone'],
    [{ ready: 0, runs: null }, 'default|-|-|0 of 2|filling'],
    [{ runs: { driver: 'process', image: null, version: '10.11' } }, 'default (process)|process|10.11|2 of 2|full'],
  ])('%j', (changes, row) => {
    expect(lastCells({ ...POOL, ...changes })).toBe(row);
  });

  it.each<[Partial<PoolView>, string]>([
    [{}, '2 of 2 spares ready for default (doze/mariadb:10.11)'],
    [{ ready: 0 }, '0 of 2 spares ready for default (doze/mariadb:10.11); it fills while nobody waits for a start'],
    [{ size: 0 }, 'no pool of default (doze/mariadb:10.11); what it had is discarded'],
  ])('is told in a sentence when it was set: %j', (changes, sentence) => {
    expect(poolSentence({ ...POOL, ...changes })).toBe(sentence);
  });
});
