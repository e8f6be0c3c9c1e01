import { isWorse, type Verdict } from '../domain/index.ts';

/** A verdict that stands, and what speaks against it so far. */
export interface Settled {
  readonly verdict: Verdict;
  /** Wall time. */
  readonly sinceMs: number;
  /** Looks in a row that came to something worse, or to something better. */
  readonly against: { readonly isWorse: boolean; readonly looks: number } | null;
}

/** A flap is not an outage: so many looks in one direction change a verdict. */
const LOOKS = 2;

/** The first look counts at once, and so does the first that says anything at all. */
export function settle(before: Settled | null, raw: Verdict, atMs: number): Settled {
  if (before === null || (before.verdict === 'unknown' && raw !== 'unknown')) {
    return { verdict: raw, sinceMs: atMs, against: null };
  }
  if (raw === before.verdict) return { ...before, against: null };
  const worse = isWorse(raw, before.verdict);
  const looks = before.against?.isWorse === worse ? before.against.looks + 1 : 1;
  if (looks >= LOOKS) return { verdict: raw, sinceMs: atMs, against: null };
  return { ...before, against: { isWorse: worse, looks } };
}
