import type { Check } from '../../api/index.ts';
import { formatDuration } from '../../domain/index.ts';
import { failed, ok, warning } from './check.ts';

export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** Older than doze itself: a machine without a battery for its clock starts there. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
const TOLERANCE_MS = 5_000;
const HINT = 'timedatectl set-ntp true';

/** Lengths are measured by the monotonic clock, so a wall clock that jumps bills nobody; it does date the records. */
export function checkClock(started: Instant, now: Instant): Check {
  const text = new Date(now.wallMs).toISOString();
  if (now.wallMs < EARLIEST_MS) return failed('clock', `it says ${text}, which cannot be`, HINT);
  const jumpMs = now.wallMs - started.wallMs - (now.monotonicMs - started.monotonicMs);
  if (Math.abs(jumpMs) <= TOLERANCE_MS) return ok('clock', text);
  const direction = jumpMs > 0 ? 'forward' : 'back';
  return warning('clock', `${text}; set ${direction} by ${formatDuration(Math.abs(jumpMs))} while the agent ran`, HINT);
}
