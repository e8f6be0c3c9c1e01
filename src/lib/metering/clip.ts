import type { Segment } from '../domain/index.ts';
import { NOTHING, type Tally } from './tally.ts';
import type { Window } from './window.ts';

/** The part of a segment of this length that lies in [since, until). A wake counts where it happened. */
export function clip(segment: Segment, lengthMs: number, { sinceMs, untilMs }: Window): Tally {
  const beganInside = segment.startedAtMs >= sinceMs && segment.startedAtMs < untilMs;
  const firstMs = Math.max(segment.startedAtMs, sinceMs);
  const lastMs = Math.min(segment.startedAtMs + lengthMs, untilMs);
  if (lastMs < firstMs || (lastMs === firstMs && !beganInside)) return NOTHING;
  const insideMs = lastMs - firstMs;
  if (segment.depth !== null) {
    return { ...NOTHING, [segment.depth === 'frozen' ? 'frozenMs' : 'hibernatedMs']: insideMs };
  }
  return {
    ...NOTHING,
    activeMs: insideMs,
    quarterCuMs: insideMs * segment.cu * 4,
    wakes: beganInside && segment.cause === 'wake' ? 1 : 0,
    firstMs,
    lastMs,
  };
}
