import type { SessionFacts } from '../../src/lib/control/index.ts';

/** A session as the gateway tells of it; what is not said is made up. */
export function sessionOf(id: number, facts: Partial<SessionFacts> = {}): SessionFacts {
  return {
    computeId: 'c1',
    id,
    client: `10.0.0.7:${id}`,
    user: 'app',
    state: 'idle',
    sinceMs: 0,
    lastCommandMs: 0,
    connectedMs: 0,
    why: null,
    backendId: null,
    ...facts,
  };
}
