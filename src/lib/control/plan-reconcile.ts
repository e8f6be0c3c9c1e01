import type { Compute, Depth } from '../domain/index.ts';
import { isDeeper, keepsProcess } from '../domain/index.ts';
import type { Instance, InstanceExit } from '../drivers/index.ts';

/** What to do so that record and reality agree. */
export type ReconcileAction =
  | { readonly kind: 'nothing' }
  /** Found running as it should: take up its endpoint and segment. */
  | { readonly kind: 'adopt'; readonly instance: Instance }
  /** The record says that something was under way. */
  | { readonly kind: 'finish' }
  | {
      readonly kind: 'recordStopped';
      readonly depth: Depth;
      readonly exit: InstanceExit | null;
      readonly reason: string;
    }
  | { readonly kind: 'recordCrashed'; readonly exit: InstanceExit }
  /** It sleeps with its process kept, as it should: take up its meter. */
  | { readonly kind: 'adoptSleep' }
  | {
      readonly kind: 'recordDepth';
      readonly depth: Depth;
      readonly exit: InstanceExit | null;
      readonly reason: string;
    }
  /** It runs though it should not: nobody pays for it, so it goes back to sleep. */
  | { readonly kind: 'suspendAgain'; readonly depth: Depth }
  | { readonly kind: 'removeInstance' };

/** Signals by which a person or a daemon ends a process: no crash. 128 + SIGINT, SIGKILL, SIGTERM. */
const ENDED_BY_HAND = new Set([0, 130, 137, 143]);

/** Pure: compares one compute's record with its instance (null: there is none). */
export function planReconcile(compute: Compute, instance: Instance | null): ReconcileAction {
  if (compute.restoring !== undefined) return { kind: 'finish' };
  switch (compute.state) {
    case 'creating':
    case 'resuming':
    case 'suspending':
    case 'destroying':
      return { kind: 'finish' };
    case 'active':
      return planActive(instance);
    case 'suspended':
      return planSuspended(compute.depth ?? compute.suspendDepth, instance);
    case 'failed':
      return instance?.state === 'running' ? { kind: 'suspendAgain', depth: 'stopped' } : { kind: 'nothing' };
    case 'destroyed':
      return instance === null ? { kind: 'nothing' } : { kind: 'removeInstance' };
  }
}

function planActive(instance: Instance | null): ReconcileAction {
  if (instance?.state === 'running') return { kind: 'adopt', instance };
  const depth = depthOf(instance);
  const exit = instance?.exit ?? null;
  if (exit !== null && (exit.isOutOfMemory || (exit.code !== null && !ENDED_BY_HAND.has(exit.code)))) {
    return { kind: 'recordCrashed', exit };
  }
  const reason = instance === null ? 'its instance was removed' : `its instance was found ${instance.state}`;
  return { kind: 'recordStopped', depth, exit, reason };
}

function planSuspended(depth: Depth, instance: Instance | null): ReconcileAction {
  if (instance?.state === 'running') return { kind: 'suspendAgain', depth };
  const found = depthOf(instance);
  if (!isDeeper(found, depth)) return keepsProcess(found) ? { kind: 'adoptSleep' } : { kind: 'nothing' };
  const reason = instance === null ? 'its instance was removed' : `its instance was found ${instance.state}`;
  return { kind: 'recordDepth', depth: found, exit: instance?.exit ?? null, reason };
}

function depthOf(instance: Instance | null): Depth {
  if (instance === null) return 'removed';
  return instance.state === 'running' ? 'frozen' : instance.state;
}
