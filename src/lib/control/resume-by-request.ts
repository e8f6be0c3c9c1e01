import type { Compute } from '../domain/index.ts';
import type { Core } from './core.ts';
import { outcome, type Caller, type OperationOutcome } from './outcome.ts';
import { resumeInTurn } from './resume-in-turn.ts';
import { resume } from './resume.ts';

export async function resumeByRequest(core: Core, { id, name }: Compute, caller: Caller): Promise<OperationOutcome> {
  const request = { cause: 'resume', askedAtMs: core.clock.monotonicMs(), ...caller } as const;
  const { before, active } = await core.cells.of(id).queue.run(async () => {
    const { seq } = core.journal.require(id);
    return { before: seq, active: await resume(core, id, request) };
  });
  const after = active ?? (await resumeInTurn(core, id, request));
  // By the log and not by the state before: a server that died unseen was active on record.
  return after.seq === before ? outcome(after, 'unchanged', `"${name}" is already active`) : outcome(after, 'resumed');
}
