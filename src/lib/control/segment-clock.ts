import type { Clock } from '../clock.ts';
import type { Segment } from '../domain/index.ts';
import type { Heartbeat, HourlyTraffic, Store } from '../store/index.ts';

/** What is known of how a segment's server ended. */
export interface SegmentEnd {
  /** Wall time from the driver; null if it does not know. */
  readonly atMs: number | null;
}

/**
 * Measures open segments by the monotonic clock, so that a wall clock that jumps neither bills nor forgives,
 * and leaves a proof of life in the store for the case that this process dies. A segment that nobody began or
 * adopted in this process stands still: whether its server lives is not known yet.
 */
export interface SegmentClock {
  begin(segment: Segment): void;
  /** Takes up a segment that was open before this process began and whose server kept running. */
  adopt(segment: Segment): void;
  /** Whether it was begun, adopted or ended in this process. */
  isMeasured(segment: Segment): boolean;
  /** Length of the open segment so far, in milliseconds. */
  lengthMs(segment: Segment): number;
  /** Length of a segment whose server ended by itself: what was found first, however often it is asked for. */
  lengthAtEnd(segment: Segment, end: SegmentEnd): number;
  /**
   * Writes the proof of life of every open segment, and what clients did meanwhile.
   * @returns false where there was nothing to write
   */
  beat(open: readonly Segment[], traffic?: HourlyTraffic): boolean;
}

export function createSegmentClock(deps: { clock: Clock; store: Store; bootId: string }): SegmentClock {
  const { clock, store, bootId } = deps;
  /** Monotonic time at which each open segment began, or would have begun. */
  const beginnings = new Map<number, number>();
  /** Lengths of segments that have ended. Kept until it is on record: a full disk may stand between. */
  const ends = new Map<number, number>();

  function watchedLengthMs(segment: Segment): number | null {
    const beganMs = beginnings.get(segment.id);
    return beganMs === undefined ? null : Math.max(0, Math.round(clock.monotonicMs() - beganMs));
  }

  function findLengthAtEnd(segment: Segment, end: SegmentEnd): number {
    const beat = store.lastHeartbeat(segment.id);
    const watchedMs = watchedLengthMs(segment);
    if (end.atMs === null) return watchedMs ?? beat?.lengthMs ?? 0;
    // Only how late it was found is of the wall clock.
    if (watchedMs !== null) return Math.max(0, watchedMs - Math.max(0, Math.round(clock.wallMs() - end.atMs)));
    if (beat === null) return Math.max(0, end.atMs - segment.startedAtMs);
    // After a reboot the driver's finish time is when it noticed, not when the server ended.
    if (beat.bootId !== bootId) return beat.lengthMs;
    return Math.max(0, beat.lengthMs + end.atMs - beat.wallMs);
  }

  return {
    begin: (segment) => void beginnings.set(segment.id, clock.monotonicMs()),
    adopt(segment) {
      ends.delete(segment.id);
      const beat = store.lastHeartbeat(segment.id);
      const lengthMs = beat === null ? clock.wallMs() - segment.startedAtMs : lengthSince(beat, clock, bootId);
      beginnings.set(segment.id, clock.monotonicMs() - Math.max(0, lengthMs));
    },
    isMeasured: ({ id }) => beginnings.has(id) || ends.has(id),
    lengthMs: (segment) =>
      ends.get(segment.id) ?? watchedLengthMs(segment) ?? store.lastHeartbeat(segment.id)?.lengthMs ?? 0,
    lengthAtEnd(segment, end) {
      const lengthMs = ends.get(segment.id) ?? findLengthAtEnd(segment, end);
      ends.set(segment.id, lengthMs);
      beginnings.delete(segment.id);
      return lengthMs;
    },
    beat(open, traffic) {
      const beats = open.flatMap((segment) => {
        const lengthMs = watchedLengthMs(segment);
        if (lengthMs === null) return [];
        return [{ segmentId: segment.id, wallMs: clock.wallMs(), lengthMs, bootId, monotonicMs: clock.monotonicMs() }];
      });
      const isAny = beats.length > 0 || (traffic?.deltas.length ?? 0) > 0;
      if (isAny) store.heartbeat(beats, traffic);
      forgetAllBut(new Set(open.map((segment) => segment.id)));
      return isAny;
    },
  };

  function forgetAllBut(open: ReadonlySet<number>): void {
    for (const lengths of [beginnings, ends]) {
      for (const id of lengths.keys()) if (!open.has(id)) lengths.delete(id);
    }
  }
}

function lengthSince(beat: Heartbeat, clock: Clock, bootId: string): number {
  const sinceMs = beat.bootId === bootId ? clock.monotonicMs() - beat.monotonicMs : clock.wallMs() - beat.wallMs;
  return beat.lengthMs + Math.max(0, sinceMs);
}
