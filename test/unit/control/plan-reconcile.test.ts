import { describe, expect, it } from 'vitest';

import { planReconcile } from '../../../src/lib/control/plan-reconcile.ts';
import type { Compute, Depth, State } from '../../../src/lib/domain/index.ts';
import type { Instance, InstanceExit } from '../../../src/lib/drivers/index.ts';

function compute(state: State, depth: Depth | null = null): Compute {
  return { state, depth, suspendDepth: 'parked' } as Compute;
}

function instance(state: Instance['state'], exit: InstanceExit | null = null): Instance {
  return { computeId: 'c1', state, endpoint: null, exit };
}

describe('the plan of a reconcile', () => {
  it.each<[State, Depth | null, Instance | null, string]>([
    ['active', null, instance('running'), 'adopt'],
    ['active', null, instance('frozen'), 'recordStopped'],
    ['active', null, instance('parked'), 'recordStopped'],
    ['active', null, instance('stopped', { atMs: 1, code: 0, isOutOfMemory: false }), 'recordStopped'],
    ['active', null, instance('stopped', { atMs: 1, code: 139, isOutOfMemory: false }), 'recordCrashed'],
    ['active', null, instance('stopped', { atMs: 1, code: 137, isOutOfMemory: true }), 'recordCrashed'],
    ['active', null, null, 'recordStopped'],
    ['suspended', 'frozen', instance('frozen'), 'adoptSleep'],
    ['suspended', 'hibernated', instance('frozen'), 'adoptSleep'],
    ['suspended', 'frozen', instance('stopped'), 'recordDepth'],
    ['suspended', 'hibernated', instance('stopped'), 'recordDepth'],
    ['suspended', 'hibernated', instance('running'), 'suspendAgain'],
    ['suspended', 'parked', instance('parked'), 'nothing'],
    ['suspended', 'parked', instance('running'), 'suspendAgain'],
    ['suspended', 'parked', instance('stopped'), 'recordDepth'],
    ['suspended', 'parked', null, 'recordDepth'],
    ['suspended', 'removed', null, 'nothing'],
    ['failed', null, instance('running'), 'suspendAgain'],
    ['failed', null, null, 'nothing'],
    ['destroyed', null, null, 'nothing'],
    ['destroyed', null, instance('stopped'), 'removeInstance'],
    ['creating', null, null, 'finish'],
    ['resuming', 'parked', instance('running'), 'finish'],
    ['suspending', 'parked', instance('running'), 'finish'],
    ['destroying', null, instance('running'), 'finish'],
  ])('%s (%s) with instance %o: %s', (state, depth, found, expected) => {
    expect(planReconcile(compute(state, depth), found).kind).toBe(expected);
  });
});
