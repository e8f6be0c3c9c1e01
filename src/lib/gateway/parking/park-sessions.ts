import type { ComputeGate } from '../compute-gate.ts';
import { sessionClosed } from '../refusal.ts';

/** Sessions that can do without the server let it go; the others are told that it goes. */
export function parkSessions(gate: ComputeGate | undefined, reason: string): void {
  for (const session of [...(gate?.sessions ?? [])]) {
    if (session.isParked && !session.isBusy) continue;
    const isCarried = !session.isBusy && !session.isInTransaction && !session.isUnknown && session.pin === null;
    if (isCarried) session.park();
    else session.end(sessionClosed(reason));
  }
  gate?.pool?.closeFree();
}
