import { setFlagsFromString } from 'node:v8';

import type { Clock } from '../clock.ts';

/** Whether computes are on their way up, and when that may have become otherwise. */
export interface Starts {
  isAny(): boolean;
  onChange(listener: () => void): Disposable;
}

/** How long nobody has to have started before the garbage of it is looked through. */
const QUIET_MS = 2_000;

/**
 * From now on V8 looks through what it has before it takes more room. Of what an agent needs to start and to answer about a
 * thousand computes it would else keep 20 MB for the next time. Not from the start, which would take longer for it; the way of a
 * query is as fast either way, as what is thrown away on it is never old (both measured). Nor while computes start: a look
 * takes 40 ms, in which nobody gets on.
 */
export function keepLittleGarbage(starts: Starts, clock: Clock, setFlags = setFlagsFromString): Disposable {
  const ended = new AbortController();
  let isThrifty = true;
  setFlags('--optimize-for-size');

  const beThriftyLater = async (): Promise<void> => {
    do await clock.sleep(QUIET_MS, ended.signal);
    while (starts.isAny());
    isThrifty = true;
    setFlags('--optimize-for-size');
  };
  const subscription = starts.onChange(() => {
    if (!isThrifty || !starts.isAny()) return;
    isThrifty = false;
    setFlags('--no-optimize-for-size');
    beThriftyLater().catch(() => undefined);
  });
  return {
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      ended.abort();
    },
  };
}
