import type { Check } from '../../api/index.ts';
import type { PoolStatus } from '../../control/index.ts';
import { ok, warning } from './check.ts';

/** Nothing about pools where none is wanted. */
export function checkPools(pools: readonly PoolStatus[]): Check[] {
  if (pools.length === 0) return [];
  const summary = pools.map(countOf).join(', ');
  const error = pools.map(({ problem }) => problem?.error).find((found) => found !== undefined);
  return [
    error === undefined
      ? ok('pool', summary)
      : warning('pool', `${summary}: ${error.message}`, error.hint ?? 'doze pool show'),
  ];
}

function countOf({ image, kind, ready, size }: PoolStatus): string {
  const name = image ?? kind?.image ?? kind?.driver ?? 'new computes';
  return `${ready} of ${size} spares ready for ${name}`;
}
