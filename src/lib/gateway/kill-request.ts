/** A KILL of a session by the id that its client was given. */
export interface KillRequest {
  readonly id: number;
  readonly endsConnection: boolean;
  readonly computeId: string;
  /** Who asks: it may end its own sessions; of others the server decides. */
  readonly user: string;
}

export interface KillOutcome {
  /** It does not concern the server: the session had no connection to it. */
  readonly isDone: boolean;
  /** The server's id of the session, for the server's own KILL; null when it has none. */
  readonly backendId: number | null;
}

export const NOT_HERE: KillOutcome = { isDone: false, backendId: null };
