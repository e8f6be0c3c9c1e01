import { DozeError } from '../errors/index.ts';
import type { Compute, Failure, Segment } from './compute.ts';
import { keepsProcess } from './depth.ts';
import type { ComputeEvent } from './events.ts';
import { requireStep, type Effect } from './lifecycle.ts';

export interface EventStamp {
  readonly seq: number;
  readonly atMs: number;
}

/** What the ledger has to do in the same transaction. */
export type SegmentChange =
  | { readonly kind: 'open'; readonly segment: Segment }
  | { readonly kind: 'close'; readonly lengthMs: number }
  /** Of a sleep, if it was metered: one of before there was a meter for it was not. */
  | { readonly kind: 'closeSleep'; readonly lengthMs: number };

export interface Applied {
  readonly compute: Compute;
  readonly segmentChanges: readonly SegmentChange[];
  readonly effects: readonly Effect[];
}

/**
 * The reducer of the event log: pure, and the only way a compute changes. Replaying every event through
 * it from null rebuilds the same computes and segments.
 * @throws STATE_CONFLICT when the lifecycle does not allow the event.
 */
export function applyEvent(before: Compute | null, event: ComputeEvent, stamp: EventStamp): Applied {
  if (before === null && event.type === 'createRequested') {
    return { compute: create(event, stamp), segmentChanges: [], effects: ['createInstance'] };
  }
  if (before === null) throw new DozeError('INTERNAL', `event ${event.type} for a compute that was never created`);
  if (isRemark(event)) return { compute: { ...before, seq: stamp.seq }, segmentChanges: [], effects: [] };

  const transition = requireStep(before.name, before.state, event.type);
  if (event.type === 'restored' && before.keptUntilMs === null) {
    throw new DozeError('NOTHING_TO_RESTORE', `the data of compute "${before.name}" is purged`);
  }
  refuseUnderProcess(before, event);
  const isMove = transition.next !== before.state;
  const changed: Compute = {
    ...before,
    ...changesOf(before, event, stamp),
    state: transition.next,
    stateSinceMs: isMove ? stamp.atMs : before.stateSinceMs,
    seq: stamp.seq,
  };
  const compute = withoutFinished(changed, event);
  return {
    compute,
    segmentChanges: [
      ...sleepEnd(before, event),
      ...transition.effects.flatMap((effect) => segmentChangesOf(effect, compute, event, stamp)),
      ...sleepBeginning(compute, event, stamp),
    ],
    effects: transition.effects,
  };
}

/** What changes nothing of the compute, and so is legal in every state. */
function isRemark({ type }: ComputeEvent): boolean {
  return type === 'refused' || type === 'sessionEnded' || type === 'leaseEnding';
}

function create(event: Extract<ComputeEvent, { type: 'createRequested' }>, stamp: EventStamp): Compute {
  return {
    ...event.spec,
    state: 'creating',
    depth: null,
    stateSinceMs: stamp.atMs,
    createdAtMs: stamp.atMs,
    serverVersion: null,
    failure: null,
    lastWake: null,
    wakes: 0,
    destroyedAtMs: null,
    keptUntilMs: null,
    seq: stamp.seq,
  };
}

function changesOf(before: Compute, event: ComputeEvent, stamp: EventStamp): Partial<Compute> {
  switch (event.type) {
    case 'started':
      return {
        depth: null,
        failure: null,
        serverVersion: event.serverVersion,
        wakes: before.wakes + (event.cause === 'wake' ? 1 : 0),
        lastWake: {
          atMs: stamp.atMs,
          cause: event.cause,
          fromDepth: before.depth,
          totalMs: event.totalMs,
          phasesMs: event.phasesMs,
          ...(event.serverPhasesMs === undefined ? {} : { serverPhasesMs: event.serverPhasesMs }),
        },
      };
    case 'suspendRequested':
    case 'suspended':
    case 'depthObserved':
    case 'instanceStopped':
      return { depth: event.depth };
    case 'failed':
    case 'instanceCrashed':
      return { failure: failureOf(before, event, stamp) };
    case 'destroyed':
      return { depth: null, destroyedAtMs: stamp.atMs, keptUntilMs: event.keptUntilMs };
    case 'restored':
      return { depth: 'removed', destroyedAtMs: null, keptUntilMs: null, failure: null };
    case 'purged':
      return { keptUntilMs: null };
    case 'resized':
      return { size: { ...before.size, now: event.cu } };
    case 'settingsChanged':
      return event.changes;
    case 'dataCopied': {
      const { type: _type, ...copied } = event;
      return { copied };
    }
    case 'snapshotRestoreRequested': {
      const { snapshotId, copyId } = event;
      return { restoring: { snapshotId, copyId } };
    }
    case 'snapshotRestored':
      return { depth: 'removed', failure: null };
    case 'createRequested':
    case 'resumeRequested':
    case 'destroyRequested':
    case 'snapshotRestoreFailed':
    case 'sessionEnded':
    case 'leaseEnding':
    case 'refused':
      return {};
  }
}

/** A server that is kept, frozen, has the old data in its memory. */
function refuseUnderProcess({ name, state, depth }: Compute, { type }: ComputeEvent): void {
  const isOfRestore =
    type === 'snapshotRestoreRequested' || type === 'snapshotRestored' || type === 'snapshotRestoreFailed';
  if (!isOfRestore || state !== 'suspended' || depth === null || !keepsProcess(depth)) return;
  throw new DozeError('STATE_CONFLICT', `compute "${name}" is ${depth}: its data cannot be replaced under its server`, {
    hint: `doze compute suspend ${name} --depth parked`,
  });
}

/** What is under way ends with the event that says how it went, and with the compute. */
function withoutFinished(compute: Compute, event: ComputeEvent): Compute {
  const ends =
    event.type === 'snapshotRestored' || event.type === 'snapshotRestoreFailed' || event.type === 'destroyRequested';
  if (!ends || compute.restoring === undefined) return compute;
  const { restoring: _restoring, ...rest } = compute;
  return rest;
}

function failureOf(
  before: Compute,
  event: Extract<ComputeEvent, { type: 'failed' | 'instanceCrashed' }>,
  stamp: EventStamp,
): Failure {
  return {
    code: event.code,
    message: event.message,
    logTail: event.logTail,
    atMs: stamp.atMs,
    count: (before.failure?.count ?? 0) + 1,
  };
}

/** The table says whether a segment opens or closes, the event says when. */
function segmentChangesOf(effect: Effect, after: Compute, event: ComputeEvent, stamp: EventStamp): SegmentChange[] {
  if (effect === 'openSegment') return [{ kind: 'open', segment: segmentOf(after, event, stamp) }];
  if (effect === 'closeSegment') return [{ kind: 'close', lengthMs: lengthOf(after, event) }];
  return [];
}

/** Whatever happens to a compute that sleeps with its process kept ends that sleep, but for a change of its settings. */
function sleepEnd(before: Compute, event: ComputeEvent): SegmentChange[] {
  const wasMetered = before.state === 'suspended' && before.depth !== null && keepsProcess(before.depth);
  if (!wasMetered || event.type === 'settingsChanged') return [];
  const lengthMs = 'segmentLengthMs' in event ? (event.segmentLengthMs ?? 0) : 0;
  return [{ kind: 'closeSleep', lengthMs: wholeMs(lengthMs) }];
}

function sleepBeginning(after: Compute, event: ComputeEvent, stamp: EventStamp): SegmentChange[] {
  if (event.type !== 'suspended' && event.type !== 'depthObserved') return [];
  if (event.segmentStartedAtMs === undefined || !keepsProcess(event.depth)) return [];
  const { depth, segmentStartedAtMs } = event;
  return [
    { kind: 'open', segment: newSegment(after, stamp, { startedAtMs: segmentStartedAtMs, cause: 'sleep', depth }) },
  ];
}

function segmentOf(after: Compute, event: ComputeEvent, stamp: EventStamp): Segment {
  if (event.type === 'resized') {
    return newSegment(after, stamp, { startedAtMs: event.segmentStartedAtMs, cause: 'resize', depth: null });
  }
  if (event.type !== 'started') {
    throw new DozeError(
      'INTERNAL',
      `event ${event.type} of compute "${after.name}" does not say when its segment began`,
    );
  }
  return newSegment(after, stamp, { startedAtMs: event.segmentStartedAtMs, cause: event.cause, depth: null });
}

function newSegment(
  after: Compute,
  stamp: EventStamp,
  { startedAtMs, cause, depth }: Pick<Segment, 'startedAtMs' | 'cause' | 'depth'>,
): Segment {
  return {
    id: stamp.seq,
    computeId: after.id,
    computeName: after.name,
    project: after.project,
    cu: after.size.now,
    startedAtMs: Math.round(startedAtMs),
    lengthMs: null,
    cause,
    depth,
  };
}

/** Whole milliseconds, so that sums are exact; never negative, whatever clocks and drivers say. */
function lengthOf(after: Compute, event: ComputeEvent): number {
  const lengthMs = 'segmentLengthMs' in event ? event.segmentLengthMs : null;
  if (lengthMs === null || !Number.isFinite(lengthMs)) {
    throw new DozeError(
      'INTERNAL',
      `event ${event.type} of compute "${after.name}" does not say how long it was active`,
    );
  }
  return wholeMs(lengthMs);
}

function wholeMs(lengthMs: number): number {
  return Math.max(0, Math.round(lengthMs));
}
