import type { Clock } from '../clock.ts';
import type { DozeError } from '../errors/index.ts';
import type { Capabilities } from '../mysql/index.ts';
import { ConnectBook } from './asleep/connect-book.ts';
import type { Pin } from './parking/pin.ts';
import type { SessionTimes } from './session-times.ts';
import type { BackendPool } from './pool/backend-pool.ts';
import { createLoginTurns, type LoginTurns } from './login-turns.ts';

/** What a client waited for on top of the wake itself. */
export interface FirstIn {
  /** From the connection to the end of its authentication, its own answers included. */
  readonly handshakeMs: number;
  /** From the wake to the server's OK to its login. */
  readonly loginMs: number;
  /** Monotonic time of that wake. */
  readonly wokenMs: number;
}

/** `open`: commands go through. `held`: they wait for a release. `asleep`: the first one asks for a wake. */
export type GateState = 'open' | 'held' | 'asleep';

/** What the gateway knows of one compute. */
export interface ComputeGate {
  readonly computeId: string;
  name: string;
  state: GateState;
  /** What its sessions end with as soon as they are between two commands and in no transaction; null: they stay. */
  farewell: DozeError | null;
  /** For a command that would begin. @throws the farewell */
  requireStaying(): void;
  /** How often it was held: an answer that was asked for before the last hold says nothing. */
  holds: number;
  readonly sessions: Set<GatedSession>;
  /** Clients that authenticated and are not through yet. */
  readonly logins: Set<LoginInProgress>;
  readonly turns: LoginTurns;
  /** Null where each session has a connection of its own, as far as is known. */
  pool: BackendPool | null;
  /** Sessions whose bytes wait for the gate to open, in order of arrival. */
  readonly waiting: Set<GatedSession>;
  /** Woken up when a hold ends. */
  readonly onRelease: Set<() => void>;
  isWaking: boolean;
  lastActivityMs: number | null;
  /** Monotonic time at which a client last saw it awake after having asked for a wake; null before, and during one. */
  wokenMs: number | null;
  /** The first client that came in after the last wake. */
  firstIn: FirstIn | null;
  /** Under which address the server sees the gateway's connections; null while not known. */
  seenAs: SeenAs | null;
  /** What the server offers, as last known. */
  capabilities: Capabilities | null;
  /** What its server said to those who came in. */
  readonly connects: ConnectBook;
  bytesIn: number;
  bytesOut: number;
  commands: number;
  /** What of it the ledger was told. */
  taken: { readonly bytesIn: number; readonly bytesOut: number; readonly commands: number };
}

/** Either the one that all connections of the gateway have, or each client's own. */
export type SeenAs = { readonly kind: 'client' } | { readonly kind: 'gateway'; readonly address: string };

/** Whose session it is. */
export interface Who {
  /** Address and port, for people. */
  readonly client: string;
  readonly user: string;
  /** The id that the client was given. */
  readonly connectionId: number;
  /** Monotonic time at which it was accepted. */
  readonly connectedMs: number;
}

/** A session as its gate sees it. */
export interface GatedSession extends Readonly<SessionTimes> {
  readonly who: Who;
  /** The gate opened: what waits goes on. */
  flush(): void;
  /** Finds out what it has at the server, which is not to be asked anything else meanwhile. Never rejects. */
  look(): Promise<void>;
  /** Its server may hide from every look what it has there. */
  noteHidden(): void;
  /** Gives its connection to the server back and stays with its client. */
  park(): void;
  /** Ends it with an error packet. */
  end(error: unknown): void;
  readonly isBusy: boolean;
  readonly isInTransaction: boolean;
  /** Whether it has no connection to the server. */
  readonly isParked: boolean;
  /** Whether what it has at the server is not known. */
  readonly isUnknown: boolean;
  /** Why it cannot be parked, as far as is known. */
  readonly pin: Pin | null;
}

export interface LoginInProgress {
  readonly client: string;
  readonly sinceMs: number;
}

export function createComputeGate(
  clock: Clock,
  { computeId, name, loginsAtOnce }: Pick<ComputeGate, 'computeId' | 'name'> & { readonly loginsAtOnce: number },
): ComputeGate {
  const gate: ComputeGate = {
    computeId,
    name,
    state: 'asleep',
    farewell: null,
    requireStaying: () => {
      if (gate.farewell !== null) throw gate.farewell;
    },
    holds: 0,
    sessions: new Set(),
    logins: new Set(),
    turns: createLoginTurns(clock, loginsAtOnce),
    pool: null,
    waiting: new Set(),
    onRelease: new Set(),
    isWaking: false,
    lastActivityMs: null,
    wokenMs: null,
    firstIn: null,
    seenAs: null,
    capabilities: null,
    connects: new ConnectBook(),
    bytesIn: 0,
    bytesOut: 0,
    commands: 0,
    taken: { bytesIn: 0, bytesOut: 0, commands: 0 },
  };
  return gate;
}
