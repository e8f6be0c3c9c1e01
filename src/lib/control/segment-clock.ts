import type { Clock } from '../clock.ts';
import type { Segment } from '../domain/index.ts';
import type { Heartbeat, Store } from '../store/index.ts';

/** What is known of how a segment's server ended. */
export interface SegmentEnd {
  /** Wall time from the driver; null if it does not know. */
  readonly atMs: number | null;
}

/**
 * Measures open segments by the monotonic clock, so that a wall clock that jumps neither bills nor forgives,
 * and leaves a proof of life in the store for the case that this process dies.
 */
export interface SegmentClock {
  /** Length of the open segment so far, in milliseconds. */
  lengthMs(segment: Segment): number;
  /** Takes up a segment that was open before this process began and whose server kept running. */
  adopt(segment: Segment): void;
  /** Length of a segment whose server ended while nobody watched. */
  lengthAtEnd(segment: Segment, end: SegmentEnd): number;
  /** Writes the proof of life of every open segment. */
  beat(open: readonly Segment[]): void;
}

export function createSegmentClock(deps: { clock: Clock; store: Store; bootId: string }): SegmentClock {
  const { clock, store, bootId } = deps;
  /** Monotonic time at which each open segment would have begun. */
  const beginnings = new Map<number, number>();

  function beginningOf(segment: Segment): number {
    let beginMs = beginnings.get(segment.id);
    if (beginMs === undefined) {
      beginMs = clock.monotonicMs() - Math.max(0, clock.wallMs() - segment.startedAtMs);
      beginnings.set(segment.id, beginMs);
    }
    return beginMs;
  }

  return {
    lengthMs: (segment) => Math.max(0, Math.round(clock.monotonicMs() - beginningOf(segment))),
    adopt(segment) {
      const beat = store.lastHeartbeat(segment.id);
      if (beat === null) return;
      beginnings.set(segment.id, clock.monotonicMs() - lengthSince(beat, clock, bootId));
    },
    lengthAtEnd(segment, end) {
      const beat = store.lastHeartbeat(segment.id);
      beginnings.delete(segment.id);
      if (beat === null) return end.atMs === null ? 0 : Math.max(0, end.atMs - segment.startedAtMs);
      // After a reboot the driver's finish time is when it noticed, not when the server ended.
      if (end.atMs === null || beat.bootId !== bootId) return beat.lengthMs;
      return Math.max(0, beat.lengthMs + end.atMs - beat.wallMs);
    },
    beat(open) {
      if (open.length === 0) return;
      const known = new Set(open.map((segment) => segment.id));
      for (const id of beginnings.keys()) if (!known.has(id)) beginnings.delete(id);
      store.heartbeat(open.map((segment) => beatOf(segment, beginningOf(segment), clock, bootId)));
    },
  };
}

function lengthSince(beat: Heartbeat, clock: Clock, bootId: string): number {
  const sinceMs = beat.bootId === bootId ? clock.monotonicMs() - beat.monotonicMs : clock.wallMs() - beat.wallMs;
  return beat.lengthMs + Math.max(0, sinceMs);
}

function beatOf(segment: Segment, beginMs: number, clock: Clock, bootId: string): Heartbeat {
  const monotonicMs = clock.monotonicMs();
  const lengthMs = Math.max(0, Math.round(monotonicMs - beginMs));
  return { segmentId: segment.id, wallMs: clock.wallMs(), lengthMs, bootId, monotonicMs };
}
