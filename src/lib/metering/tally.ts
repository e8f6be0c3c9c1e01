/**
 * Activity added up in integers: milliseconds, and CU x milliseconds, which are multiples of a quarter and so exact
 * in a double up to 2^51 (a thousand computes of 64 CU for a year). Seconds are made at the very end, so that parts
 * and whole agree to the last digit.
 */
export interface Tally {
  readonly activeMs: number;
  /** Asleep with the process kept, in memory or in swap. */
  readonly frozenMs: number;
  readonly hibernatedMs: number;
  readonly cuMs: number;
  readonly wakes: number;
  /** First and last instant of activity; null if there was none. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

export const NOTHING: Tally = {
  activeMs: 0,
  frozenMs: 0,
  hibernatedMs: 0,
  cuMs: 0,
  wakes: 0,
  firstMs: null,
  lastMs: null,
};

export function add(a: Tally, b: Tally): Tally {
  return {
    activeMs: a.activeMs + b.activeMs,
    frozenMs: a.frozenMs + b.frozenMs,
    hibernatedMs: a.hibernatedMs + b.hibernatedMs,
    cuMs: a.cuMs + b.cuMs,
    wakes: a.wakes + b.wakes,
    firstMs: outermost(a.firstMs, b.firstMs, Math.min),
    lastMs: outermost(a.lastMs, b.lastMs, Math.max),
  };
}

function outermost(a: number | null, b: number | null, pick: (a: number, b: number) => number): number | null {
  if (a === null) return b;
  return b === null ? a : pick(a, b);
}
