import type { LookRequest } from '../../control/index.ts';
import type { ComputeGate, GatedSession } from '../compute-gate.ts';

/** A look costs a server milliseconds of one thread; more at a time only compete for the same processors. */
const AT_ONCE = 8;

/** Looks at every session of which it is not known what it has at the server. */
export async function lookAtSessions(
  gate: ComputeGate | undefined,
  { mayHideState, isStillWanted }: LookRequest,
): Promise<void> {
  if (gate === undefined) return;
  const line = unknownSessions(gate);
  if (mayHideState) for (const session of line.splice(0)) session.noteHidden();
  const work = async (): Promise<void> => {
    for (let next = line.pop(); next !== undefined && isStillWanted(); next = line.pop()) await next.look();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

export function hasUnknownSessions(gate: ComputeGate | undefined): boolean {
  return gate !== undefined && unknownSessions(gate).length > 0;
}

function unknownSessions({ sessions }: ComputeGate): GatedSession[] {
  return [...sessions].filter((session) => session.isUnknown && !session.isBusy && !session.isInTransaction);
}
