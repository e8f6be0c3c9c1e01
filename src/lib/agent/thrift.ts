import { setFlagsFromString } from 'node:v8';

/**
 * From now on V8 looks through what it has before it takes more room. Of what an agent needs to start and to answer about a
 * thousand computes it would else keep 20 MB for the next time. Not from the start, which would take longer for it; the way of a
 * query is as fast either way, as what is thrown away on it is never old (both measured).
 */
export function keepLittleGarbage(): void {
  setFlagsFromString('--optimize-for-size');
}
