import { describe, expect, it } from 'vitest';

import {
  LIFECYCLE,
  STATES,
  lifecycleDiagram,
  requireStep,
  step,
  type ComputeEventType,
  type State,
} from '../../../src/lib/domain/index.ts';
import { DozeError, hasCode } from '../../../src/lib/errors/index.ts';

/** Written out a second time on purpose: a change of the table has to be meant. */
const LEGAL: Record<State, Partial<Record<ComputeEventType, State>>> = {
  creating: {
    dataCopied: 'creating',
    started: 'active',
    failed: 'failed',
    destroyRequested: 'destroying',
    settingsChanged: 'creating',
  },
  active: {
    suspendRequested: 'suspending',
    instanceStopped: 'suspended',
    instanceCrashed: 'failed',
    destroyRequested: 'destroying',
    settingsChanged: 'active',
  },
  suspending: {
    suspended: 'suspended',
    failed: 'failed',
    destroyRequested: 'destroying',
    settingsChanged: 'suspending',
  },
  suspended: {
    resumeRequested: 'resuming',
    suspendRequested: 'suspending',
    depthObserved: 'suspended',
    snapshotRestoreRequested: 'suspended',
    snapshotRestored: 'suspended',
    snapshotRestoreFailed: 'suspended',
    destroyRequested: 'destroying',
    settingsChanged: 'suspended',
  },
  resuming: {
    dataCopied: 'resuming',
    started: 'active',
    failed: 'failed',
    destroyRequested: 'destroying',
    settingsChanged: 'resuming',
  },
  destroying: { destroyed: 'destroyed', failed: 'failed' },
  destroyed: { restored: 'suspended', purged: 'destroyed' },
  failed: {
    resumeRequested: 'resuming',
    snapshotRestoreRequested: 'failed',
    snapshotRestored: 'suspended',
    snapshotRestoreFailed: 'failed',
    destroyRequested: 'destroying',
    settingsChanged: 'failed',
  },
};

const EVENTS: readonly ComputeEventType[] = [
  'createRequested',
  'started',
  'suspendRequested',
  'suspended',
  'resumeRequested',
  'depthObserved',
  'instanceStopped',
  'instanceCrashed',
  'failed',
  'destroyRequested',
  'destroyed',
  'restored',
  'purged',
  'settingsChanged',
  'dataCopied',
  'snapshotRestoreRequested',
  'snapshotRestored',
  'snapshotRestoreFailed',
];

const table = STATES.flatMap((state) => EVENTS.map((event) => ({ state, event, next: LEGAL[state][event] ?? null })));

describe('the lifecycle table', () => {
  it.each(table.filter(({ next }) => next !== null))('takes $state to $next on $event', ({ state, event, next }) => {
    expect(step(state, event)?.next).toBe(next);
    expect(requireStep('shop', state, event).next).toBe(next);
  });

  it.each(table.filter(({ next }) => next === null))('refuses $event in $state with a way out', ({ state, event }) => {
    expect(step(state, event)).toBeNull();
    const refusal = refusalOf(() => requireStep('shop', state, event));
    expect(hasCode(refusal, 'STATE_CONFLICT')).toBe(true);
    expect(refusal?.message).toContain(`compute "shop" is ${state}`);
    expect(refusal?.hint).toMatch(/^doze compute /);
  });

  it('opens a segment whenever a compute becomes active, and closes it whenever it ceases to be; another size does both', () => {
    for (const state of STATES) {
      for (const [event, { next, effects }] of Object.entries(LIFECYCLE[state])) {
        if (event === 'resized') {
          expect(effects.slice(0, 2)).toEqual(['closeSegment', 'openSegment']);
          continue;
        }
        expect(effects.includes('openSegment'), `${state} ${event}`).toBe(state !== 'active' && next === 'active');
        expect(effects.includes('closeSegment'), `${state} ${event}`).toBe(state === 'active' && next !== 'active');
      }
    }
  });

  it('lets every state be left, so that no compute is stuck', () => {
    for (const state of STATES) {
      const exits = Object.values(LIFECYCLE[state]).filter(({ next }) => next !== state);
      expect(exits.length, state).toBeGreaterThan(0);
    }
  });

  it('is drawn with each move once', () => {
    const drawn = lifecycleDiagram().split('\n');
    const moves = table.filter(({ state, next }) => next !== null && next !== state);
    for (const { state, event, next } of moves) {
      expect(drawn.filter((line) => line.trim() === `${state} --> ${String(next)}: ${event}`)).toHaveLength(1);
    }
    expect(drawn).toHaveLength(moves.length + 3);
  });
});

function refusalOf(run: () => unknown): DozeError | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof DozeError) return error;
  }
  return undefined;
}
