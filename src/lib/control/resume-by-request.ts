import type { Compute } from '../domain/index.ts';
import type { Core } from './core.ts';
import { outcome, type OnProgress, type OperationOutcome } from './outcome.ts';
import { resume } from './wake.ts';

export async function resumeByRequest(core: Core, compute: Compute, onProgress: OnProgress): Promise<OperationOutcome> {
  const askedAtMs = core.clock.monotonicMs();
  return core.cells.of(compute.id).queue.run(async () => {
    const before = core.journal.require(compute.id);
    const after = await resume(core, compute.id, { cause: 'resume', askedAtMs, onProgress });
    // By the log and not by the state before: a server that died unseen was active on record.
    return after.seq === before.seq
      ? outcome(after, 'unchanged', `"${compute.name}" is already active`)
      : outcome(after, 'resumed');
  });
}
