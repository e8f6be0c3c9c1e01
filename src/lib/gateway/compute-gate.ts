import type { Clock } from '../clock.ts';
import type { Capabilities } from '../mysql/index.ts';
import { createLoginTurns, type LoginTurns } from './login-turns.ts';

/** `open`: commands go through. `held`: they wait for a release. `asleep`: the first one asks for a wake. */
export type GateState = 'open' | 'held' | 'asleep';

/** What the gateway knows of one compute. */
export interface ComputeGate {
  readonly computeId: string;
  readonly name: string;
  state: GateState;
  readonly sessions: Set<GatedSession>;
  /** Clients that authenticated and are not through yet. */
  readonly logins: Set<LoginInProgress>;
  readonly turns: LoginTurns;
  /** Sessions whose bytes wait for the gate to open, in order of arrival. */
  readonly waiting: Set<GatedSession>;
  /** Woken up when a hold ends. */
  readonly onRelease: Set<() => void>;
  isWaking: boolean;
  lastActivityMs: number | null;
  /** How the server sees the gateway, as last known. */
  seenAs: string | null;
  /** What the server offers, as last known. */
  capabilities: Capabilities | null;
  bytesIn: number;
  bytesOut: number;
  commands: number;
}

/** A session as its gate sees it. */
export interface GatedSession {
  readonly client: string;
  /** The gate opened: what waits goes on. */
  flush(): void;
  /** The wake that its bytes waited for failed. */
  fail(error: unknown): void;
  /** Ends it with an error packet. */
  end(error: unknown): void;
  readonly isBusy: boolean;
  readonly isInTransaction: boolean;
  /** Monotonic time since when it is busy, or has its transaction open. */
  readonly busySinceMs: number;
  readonly transactionSinceMs: number;
}

export interface LoginInProgress {
  readonly client: string;
  readonly sinceMs: number;
}

export function createComputeGate(clock: Clock, computeId: string, name: string): ComputeGate {
  return {
    computeId,
    name,
    state: 'asleep',
    sessions: new Set(),
    logins: new Set(),
    turns: createLoginTurns(clock),
    waiting: new Set(),
    onRelease: new Set(),
    isWaking: false,
    lastActivityMs: null,
    seenAs: null,
    capabilities: null,
    bytesIn: 0,
    bytesOut: 0,
    commands: 0,
  };
}
