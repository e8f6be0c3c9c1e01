import { keepsProcess, type Compute, type Depth } from '../domain/index.ts';
import { driverOf, type Core } from './core.ts';
import { outcome, type Caller, type OnProgress, type OperationOutcome } from './outcome.ts';
import { settle } from './settle.ts';
import { depthFor, firstDepth, possibleDepth } from './possible-depth.ts';
import { takeDown } from './take-down.ts';
import { resumeInTurn } from './resume-in-turn.ts';
import { resume } from './resume.ts';

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
  const { depth = firstDepth(core, compute, await core.gate.facts(id)) } = options;
  if (compute.state !== 'active' && compute.state !== 'suspended') {
    core.journal.record(id, { type: 'suspendRequested', depth, reason: 'request', segmentLengthMs: null });
  }
  const meant = depthFor(driver, compute, depth);
  const after = await takeDown(core, compute, {
    depth: meant,
    reason: 'request',
    isForced: options.force ?? false,
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

/** One that is awake keeps its part of the host meanwhile. */
export async function restart(core: Core, id: string, isForced: boolean, caller: Caller): Promise<OperationOutcome> {
  const { onProgress } = caller;
  const request = { cause: 'resume', askedAtMs: core.clock.monotonicMs(), ...caller } as const;
  const after = await core.cells.of(id).queue.run(async () => {
    const compute = await settle(core, id, onProgress);
    using place = core.room.keep(compute);
    if (compute.state === 'active' || (compute.depth !== null && keepsProcess(compute.depth))) {
      await takeDown(core, compute, {
        depth: possibleDepth(driverOf(core, compute), compute, 'parked'),
        reason: 'restart',
        isForced,
        onProgress,
      });
    }
    return await resume(core, id, { ...request, askedAtMs: core.clock.monotonicMs(), place });
  });
  return outcome(after ?? (await resumeInTurn(core, id, request)), 'restarted');
}
