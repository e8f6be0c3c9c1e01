import { keepsProcess, type Compute, type Depth } from '../domain/index.ts';
import { driverOf, type Core } from './core.ts';
import { outcome, type OnProgress, type OperationOutcome } from './outcome.ts';
import { settle } from './settle.ts';
import { depthFor, firstDepth, possibleDepth } from './possible-depth.ts';
import { takeDown } from './take-down.ts';
import { resume } from './wake.ts';

export interface SuspendOptions {
  readonly depth?: Depth;
  /** Closes busy sessions instead of refusing. */
  readonly force?: boolean;
}

export async function suspend(
  core: Core,
  id: string,
  options: SuspendOptions,
  onProgress: OnProgress,
): Promise<OperationOutcome> {
  const compute = await settle(core, id, onProgress);
  const driver = driverOf(core, compute);
  const { depth = firstDepth(core, compute) } = options;
  if (compute.state !== 'active' && compute.state !== 'suspended') {
    core.journal.record(id, { type: 'suspendRequested', depth, reason: 'request', segmentLengthMs: null });
  }
  const meant = depthFor(driver, compute, depth);
  const after = await takeDown(core, compute, {
    depth: meant,
    reason: 'request',
    isForced: options.force ?? false,
    isStillWanted: () => true,
    onProgress,
  });
  const notes = meant === depth ? [] : [whyMeant(compute, depth, meant)];
  if (after === null || after.seq === compute.seq) {
    return outcome(
      compute,
      'unchanged',
      ...notes,
      `"${compute.name}" is already suspended (${compute.depth ?? 'unknown'})`,
    );
  }
  return outcome(after, 'suspended', ...notes, ...(after.depth === meant ? [] : [whyNot(core, after)]));
}

function whyNot(core: Core, { id, depth }: Compute): string {
  const { wake, shortfall } = core.cells.of(id);
  if (wake !== null) return `a client came when it was ${depth ?? 'asleep'}: it wakes again`;
  return `it could not be hibernated: ${shortfall ?? 'the host did not say why'}`;
}

function whyMeant({ name, driver, storage }: Compute, depth: Depth, meant: Depth): string {
  return storage === undefined
    ? `the ${driver} driver has no "${depth}": "${meant}" is the deepest it has`
    : `"${name}" keeps nothing, so it is ${meant} instead of ${depth}`;
}

export async function restart(
  core: Core,
  id: string,
  isForced: boolean,
  onProgress: OnProgress,
): Promise<OperationOutcome> {
  const compute = await settle(core, id, onProgress);
  if (compute.state === 'active' || (compute.depth !== null && keepsProcess(compute.depth))) {
    await takeDown(core, compute, {
      depth: possibleDepth(driverOf(core, compute), compute, 'parked'),
      reason: 'restart',
      isForced,
      isStillWanted: () => true,
      onProgress,
    });
  }
  const after = await resume(core, id, { cause: 'resume', askedAtMs: core.clock.monotonicMs(), onProgress });
  return outcome(after, 'restarted');
}
