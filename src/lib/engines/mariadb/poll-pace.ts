import type { Listening } from '../engine.ts';

/**
 * How often servers that start are asked. A try costs 0.2 ms where nothing listens yet; a start takes 85 ms at best, so
 * that a fine step is felt. All that are waited for share what tries may cost, so that fifty at once do not starve each
 * other of the CPU that they start with.
 */
export interface PollPace {
  begin(): Turn;
}

export interface Turn extends Disposable {
  /** @param stage of a server that is expected to say when a try is worth while: tries are only for when it does not */
  nextPauseMs(stage?: Exclude<Listening['stage'], 'begun'>): number;
}

const FIRST_PAUSE_MS = 2;
const LAST_PAUSE_MS = 50;
/** After a while it is only polite. */
const PATIENT_TRIES = 100;
const PAUSE_GROWTH = 1.1;
/** The log of one that says nothing may not be read at all; it listens 5 ms before it answers, which hides most of this. */
const SILENT_PAUSE_MS = 8;

export function createPollPace(): PollPace {
  let waiting = 0;
  return {
    begin() {
      waiting += 1;
      let tries = 0;
      return {
        nextPauseMs(stage) {
          if (stage === 'starting') return LAST_PAUSE_MS;
          tries += 1;
          const growth = PAUSE_GROWTH ** Math.max(0, tries - PATIENT_TRIES);
          const firstMs = stage === 'silent' ? SILENT_PAUSE_MS : FIRST_PAUSE_MS;
          return Math.min(LAST_PAUSE_MS, firstMs * waiting * growth);
        },
        [Symbol.dispose]: () => void (waiting -= 1),
      };
    },
  };
}
