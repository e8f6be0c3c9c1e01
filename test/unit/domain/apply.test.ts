import { describe, expect, it } from 'vitest';

import { applyEvent, type Compute, type ComputeEvent } from '../../../src/lib/domain/index.ts';
import { eventOf, specOf } from '../../support/compute-events.ts';

/** The compute after these events, a second apart. */
function after(...events: ComputeEvent[]): Compute {
  const compute = events.reduce<Compute | null>(
    (before, event, index) => applyEvent(before, event, { seq: index + 1, atMs: (index + 1) * 1000 }).compute,
    null,
  );
  return compute ?? expect.fail('no events');
}

const create = eventOf('createRequested', { spec: specOf('c1', { name: 'shop' }) });
const started = eventOf('started', { cause: 'create', segmentStartedAtMs: 1900 });
const active = after(create, started);
const suspended = after(create, started, eventOf('suspendRequested'), eventOf('suspended'));
const destroyed = after(create, started, eventOf('destroyRequested'), eventOf('destroyed'));

describe('applying an event to a compute', () => {
  it('creates a compute that has not started yet', () => {
    expect(applyEvent(null, create, { seq: 7, atMs: 500 })).toMatchObject({
      compute: { id: 'c1', name: 'shop', state: 'creating', createdAtMs: 500, serverVersion: null, wakes: 0, seq: 7 },
      segmentChanges: [],
      effects: ['createInstance'],
    });
  });

  it('opens a segment of the size of the moment when the server answers', () => {
    const { compute, segmentChanges } = applyEvent(after(create), started, { seq: 2, atMs: 2000 });
    expect(compute).toMatchObject({ state: 'active', depth: null, serverVersion: '10.11.14', wakes: 0 });
    expect(segmentChanges).toEqual([
      {
        kind: 'open',
        segment: {
          id: 2,
          computeId: 'c1',
          computeName: 'shop',
          project: 'default',
          cu: 0.5,
          startedAtMs: 1900,
          lengthMs: null,
          cause: 'create',
          depth: null,
        },
      },
    ]);
  });

  it('counts wakes by clients only', () => {
    const resuming = applyEvent(suspended, eventOf('resumeRequested'), { seq: 5, atMs: 5000 }).compute;
    const woken = applyEvent(resuming, eventOf('started', { cause: 'wake' }), { seq: 6, atMs: 6000 }).compute;
    const resumed = applyEvent(resuming, eventOf('started', { cause: 'resume' }), { seq: 6, atMs: 6000 }).compute;
    expect([woken.wakes, resumed.wakes]).toEqual([1, 0]);
    expect(woken.lastWake).toEqual({
      atMs: 6000,
      cause: 'wake',
      fromDepth: 'parked',
      totalMs: 164.25,
      phasesMs: { ready: 164.25 },
    });
  });

  it.each([
    ['suspendRequested', 'suspending'],
    ['instanceStopped', 'suspended'],
    ['instanceCrashed', 'failed'],
    ['destroyRequested', 'destroying'],
  ] as const)('closes the segment on %s', (type, state) => {
    const { compute, segmentChanges } = applyEvent(active, eventOf(type, { segmentLengthMs: 1234.4 }), {
      seq: 3,
      atMs: 3000,
    });
    expect(compute.state).toBe(state);
    expect(segmentChanges).toEqual([{ kind: 'close', lengthMs: 1234 }]);
  });

  it('never closes a segment with a negative length', () => {
    const event = eventOf('instanceStopped', { segmentLengthMs: -40 });
    expect(applyEvent(active, event, { seq: 3, atMs: 3000 }).segmentChanges).toEqual([{ kind: 'close', lengthMs: 0 }]);
  });

  it('does not guess how long a compute was active', () => {
    for (const segmentLengthMs of [null, Number.NaN]) {
      const event = eventOf('suspendRequested', { segmentLengthMs });
      expect(() => applyEvent(active, event, { seq: 3, atMs: 3000 })).toThrow(
        expect.objectContaining({ code: 'INTERNAL' }),
      );
    }
  });

  it('closes nothing when a compute that is asleep goes deeper', () => {
    const event = eventOf('suspendRequested', { segmentLengthMs: null });
    expect(applyEvent(suspended, event, { seq: 5, atMs: 5000 }).segmentChanges).toEqual([]);
  });

  it('counts failures in a row and forgets them at the next start', () => {
    const failed = after(create, eventOf('failed'), eventOf('resumeRequested'), eventOf('failed'));
    expect(failed.failure).toEqual({
      code: 'SERVER_CRASHED',
      message: 'the server ended with code 1',
      logTail: ['[ERROR] Aborting'],
      atMs: 4000,
      count: 2,
    });
    expect(after(create, eventOf('failed'), eventOf('resumeRequested'), started).failure).toBeNull();
  });

  it('remembers since when a compute is in its state', () => {
    expect(suspended).toMatchObject({ state: 'suspended', depth: 'parked', stateSinceMs: 4000 });
    const moved = applyEvent(suspended, eventOf('depthObserved'), { seq: 5, atMs: 9000 }).compute;
    expect(moved).toMatchObject({ state: 'suspended', depth: 'stopped', stateSinceMs: 4000 });
  });

  it('changes settings in place', () => {
    expect(applyEvent(active, eventOf('settingsChanged'), { seq: 3, atMs: 3000 }).compute).toEqual({
      ...active,
      suspendAfterMs: null,
      seq: 3,
    });
  });

  it('records a refusal without changing anything', () => {
    expect(applyEvent(active, eventOf('refused'), { seq: 3, atMs: 3000 })).toEqual({
      compute: { ...active, seq: 3 },
      segmentChanges: [],
      effects: [],
    });
  });

  it('brings a destroyed compute back with nothing but its data', () => {
    expect(destroyed).toMatchObject({ state: 'destroyed', destroyedAtMs: 4000, keptUntilMs: 86_400_000 });
    expect(applyEvent(destroyed, eventOf('restored'), { seq: 5, atMs: 5000 }).compute).toMatchObject({
      state: 'suspended',
      depth: 'removed',
      destroyedAtMs: null,
      keptUntilMs: null,
    });
  });

  it('does not bring back a compute whose data is purged', () => {
    const purged = applyEvent(destroyed, eventOf('purged'), { seq: 5, atMs: 5000 }).compute;
    expect(purged).toMatchObject({ state: 'destroyed', destroyedAtMs: 4000, keptUntilMs: null });
    expect(() => applyEvent(purged, eventOf('restored'), { seq: 6, atMs: 6000 })).toThrow(
      expect.objectContaining({ code: 'NOTHING_TO_RESTORE' }),
    );
  });

  it('does not create one id twice', () => {
    expect(() => applyEvent(active, create, { seq: 3, atMs: 3000 })).toThrow(
      expect.objectContaining({ code: 'STATE_CONFLICT' }),
    );
  });

  it('knows nothing to do for a compute that was never created', () => {
    expect(() => applyEvent(null, started, { seq: 1, atMs: 1 })).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});
