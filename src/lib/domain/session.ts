/** What a client's session is doing, as far as it concerns its compute's sleep. */
export const SESSION_STATES = ['busy', 'transaction', 'pinned', 'idle', 'parked'] as const;
/**
 * `busy`: a command is under way, or waits for the compute. `transaction`: it has one open. `pinned`: it has something else
 * that only its server's process has. `idle`: nothing of it is known to keep the compute. `parked`: it has no connection to
 * the server.
 */
export type SessionState = (typeof SESSION_STATES)[number];

/** Whether a session in this state keeps its compute awake, or from going deeper than its server's process lives. */
export function keepsCompute(state: SessionState): boolean {
  return state === 'busy' || state === 'transaction' || state === 'pinned';
}
