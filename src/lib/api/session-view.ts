import { keepsCompute, type SessionState } from '../domain/index.ts';
import type { SessionView } from './contract.ts';
import { isoTime } from './iso-time.ts';

/** What is known of a session; all times are wall times. */
export interface SessionViewFacts extends Pick<SessionView, 'id' | 'compute' | 'project' | 'client' | 'user' | 'why'> {
  readonly state: SessionState;
  readonly stateSinceMs: number;
  readonly lastCommandAtMs: number;
  readonly connectedAtMs: number;
  readonly backendId: number | null;
}

export function sessionView(facts: SessionViewFacts): SessionView {
  const { id, compute, project, client, user, state, why } = facts;
  return {
    id,
    compute,
    project,
    client,
    user,
    state,
    stateSince: isoTime(facts.stateSinceMs),
    keepsCompute: keepsCompute(state),
    why,
    lastCommandAt: isoTime(facts.lastCommandAtMs),
    connectedAt: isoTime(facts.connectedAtMs),
    serverConnectionId: facts.backendId,
  };
}
