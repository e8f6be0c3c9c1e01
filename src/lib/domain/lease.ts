import { DozeError } from '../errors/index.ts';
import { formatDuration } from './duration.ts';

/** For how long an ephemeral compute is wanted: when that is over it is destroyed with its data, whatever it does. */
export interface Lease {
  /** What each renewal gives it. */
  readonly lengthMs: number;
  /** Wall time. */
  readonly expiresAtMs: number;
}

export const DEFAULT_LEASE_MS = 3_600_000;
const SHORTEST_MS = 1_000;
/** What is wanted for longer than this is not ephemeral; and instants stay far from where dates end. */
const LONGEST_MS = 30 * 86_400_000;
/** Of an hour, the last five minutes. */
const WARNING_PART = 1 / 12;
const LONGEST_WARNING_MS = 5 * 60_000;

/** @throws VALUE_INVALID */
export function checkLease(lengthMs: number): number {
  if (Number.isFinite(lengthMs) && lengthMs >= SHORTEST_MS && lengthMs <= LONGEST_MS) return Math.round(lengthMs);
  const what = Number.isFinite(lengthMs) ? formatDuration(Math.max(0, lengthMs)) : String(lengthMs);
  throw new DozeError('VALUE_INVALID', `a lease of ${what} is not possible`, {
    hint: 'use from 1s to 30d; a compute without an end is one without --ephemeral, or: doze compute set NAME --keep',
  });
}

/** A lease of this length, from now on. @throws VALUE_INVALID */
export function leaseFrom(nowMs: number, lengthMs: number): Lease {
  const checked = checkLease(lengthMs);
  return { lengthMs: checked, expiresAtMs: Math.round(nowMs + checked) };
}

/** How long before its end whoever follows the events is told. */
export function leaseWarningMs({ lengthMs }: Pick<Lease, 'lengthMs'>): number {
  return Math.min(LONGEST_WARNING_MS, Math.round(lengthMs * WARNING_PART));
}
