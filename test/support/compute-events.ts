import {
  keepsProcess,
  type ComputeEvent,
  type ComputeEventType,
  type ComputeSpec,
  type Depth,
} from '../../src/lib/domain/index.ts';

export function specOf(id: string, changes: Partial<ComputeSpec> = {}): ComputeSpec {
  return {
    id,
    name: id,
    project: 'default',
    engine: 'mariadb',
    engineVersion: '10.11',
    driver: 'fake',
    image: null,
    size: { min: 0.5, max: 0.5, now: 0.5 },
    suspendAfterMs: 300_000,
    suspendDepth: 'parked',
    port: 20_000,
    database: 'app',
    user: 'app',
    ...changes,
  };
}

/** What a test wants to say of an event; the rest is made up. */
export interface EventFacts {
  readonly spec?: ComputeSpec;
  readonly segmentStartedAtMs?: number;
  readonly segmentLengthMs?: number | null;
  readonly depth?: Depth;
  readonly cause?: 'create' | 'resume' | 'wake' | 'adopt';
  readonly keptUntilMs?: number | null;
}

/** A plausible event of each type. */
export function eventOf(type: ComputeEventType, facts: EventFacts = {}): ComputeEvent {
  const { segmentStartedAtMs = 0, segmentLengthMs = 0, cause = 'wake', depth = 'parked' } = facts;
  const fault = { code: 'SERVER_CRASHED', message: 'the server ended with code 1', logTail: ['[ERROR] Aborting'] };
  switch (type) {
    case 'createRequested':
      return { type, spec: facts.spec ?? specOf('c1') };
    case 'started':
      return {
        type,
        cause,
        serverVersion: '10.11.14',
        segmentStartedAtMs,
        totalMs: 164.25,
        phasesMs: { ready: 164.25 },
      };
    case 'suspendRequested':
      return { type, depth, reason: 'idle', segmentLengthMs };
    case 'suspended':
      return { type, depth, tookMs: 80, isClean: true, ...(keepsProcess(depth) ? { segmentStartedAtMs } : {}) };
    case 'resized':
      return {
        type,
        fromCu: 0.5,
        cu: facts.spec === undefined ? 1 : facts.spec.size.now + 0.25,
        reason: 'load',
        load: { cpuAsksCu: 1 },
        message: null,
        segmentLengthMs: segmentLengthMs ?? 0,
        segmentStartedAtMs,
      };
    case 'resumeRequested':
      return { type, cause, segmentLengthMs };
    case 'depthObserved':
      return { type, depth: 'stopped', reason: 'the container was stopped', segmentLengthMs };
    case 'instanceStopped':
      return { type, depth: 'stopped', reason: 'the container was stopped', segmentLengthMs: segmentLengthMs ?? 0 };
    case 'instanceCrashed':
      return { type, ...fault, segmentLengthMs: segmentLengthMs ?? 0 };
    case 'failed':
      return { type, ...fault };
    case 'destroyRequested':
      return { type, isPurge: false, segmentLengthMs };
    case 'destroyed':
      return { type, keptUntilMs: facts.keptUntilMs === undefined ? 86_400_000 : facts.keptUntilMs };
    case 'restored':
    case 'purged':
      return { type };
    case 'settingsChanged':
      return { type, changes: { suspendAfterMs: null } };
    case 'dataCopied':
    case 'snapshotRestored':
      return { type, bytes: 4096, isCopyOnWrite: true, isClean: true, frozenMs: null, tookMs: 20 };
    case 'snapshotRestoreRequested':
      return { type, snapshotId: 's1', snapshotName: 'before', copyId: 'r1' };
    case 'snapshotRestoreFailed':
      return { type, message: 'no room' };
    case 'sessionEnded':
      return { type, reason: 'killed', session: 2 ** 30, client: '10.0.0.7:4711', user: 'app', why: 'runs a command' };
    case 'leaseEnding':
      return { type, leaseExpiresAtMs: 3_600_000 };
    case 'refused':
      return { type, attempted: 'restored', message: 'not possible now' };
  }
}
