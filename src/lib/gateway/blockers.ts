import type { Blocker } from '../control/index.ts';
import { keepsProcess, type Depth } from '../domain/index.ts';
import type { ComputeGate } from './compute-gate.ts';

/** Why a compute may not go to this depth now. A transaction lives on where the server's process does. */
export function blockersOf(gate: ComputeGate, depth: Depth): readonly Blocker[] {
  const blockers: Blocker[] = [];
  for (const { client, sinceMs } of gate.logins) blockers.push({ kind: 'login', client, sinceMs });
  for (const session of gate.sessions) {
    const { client } = session;
    if (session.isBusy) blockers.push({ kind: 'commandInFlight', client, sinceMs: session.busySinceMs });
    else if (session.isInTransaction && !keepsProcess(depth)) {
      blockers.push({ kind: 'openTransaction', client, sinceMs: session.transactionSinceMs });
    }
  }
  return blockers;
}
