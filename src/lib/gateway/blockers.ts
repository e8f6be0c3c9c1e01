import type { Blocker } from '../domain/index.ts';
import type { ComputeGate } from './compute-gate.ts';
import { describePin } from './parking/pin.ts';

/** Why a compute may not go to the deepest depths now, one reason a session. */
export function blockersOf(gate: ComputeGate): readonly Blocker[] {
  const blockers: Blocker[] = [];
  for (const { client, sinceMs } of gate.logins) blockers.push({ kind: 'login', client, sinceMs });
  for (const session of gate.sessions) {
    const { client, connectionId } = session.who;
    const whose = { client, session: connectionId };
    if (session.isBusy) blockers.push({ kind: 'commandInFlight', ...whose, sinceMs: session.busySinceMs });
    else if (session.isInTransaction) {
      blockers.push({ kind: 'openTransaction', ...whose, sinceMs: session.transactionSinceMs });
    } else if (session.pin !== null) {
      blockers.push({ kind: 'pinned', ...whose, sinceMs: session.busySinceMs, why: describePin(session.pin) });
    }
  }
  return blockers;
}
