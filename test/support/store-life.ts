import type { Compute } from '../../src/lib/domain/index.ts';
import type { Store } from '../../src/lib/store/index.ts';
import { eventOf, specOf, type EventFacts } from './compute-events.ts';

type Spec = Parameters<typeof specOf>[1];

/** A new compute, active since `atMs`. */
export function createActive(store: Store, id: string, atMs: number, changes: Spec = {}): Compute {
  store.append(id, eventOf('createRequested', { spec: specOf(id, changes) }), atMs);
  return store.append(id, eventOf('started', { cause: 'create', segmentStartedAtMs: atMs }), atMs);
}

/** Asleep after having been active for `lengthMs`. */
export function suspend(store: Store, id: string, atMs: number, lengthMs: number): Compute {
  store.append(id, eventOf('suspendRequested', { segmentLengthMs: lengthMs }), atMs);
  return store.append(id, eventOf('suspended'), atMs);
}

export function wake(store: Store, id: string, atMs: number, cause: EventFacts['cause'] = 'wake'): Compute {
  store.append(id, eventOf('resumeRequested', { cause }), atMs);
  return store.append(id, eventOf('started', { cause, segmentStartedAtMs: atMs }), atMs);
}

/** Destroyed, its data kept for a day; `segmentLengthMs` is null for one that is asleep. */
export function destroy(store: Store, id: string, atMs: number, segmentLengthMs: number | null): Compute {
  store.append(id, eventOf('destroyRequested', { segmentLengthMs }), atMs);
  return store.append(id, eventOf('destroyed', { keptUntilMs: atMs + 86_400_000 }), atMs);
}
