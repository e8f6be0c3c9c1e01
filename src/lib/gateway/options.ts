import type { ClientTlsOptions } from './tls/client-tls-options.ts';

export interface GatewayOptions {
  /** Address to listen on. */
  readonly listenHost: string;
  /** Port where the user name says which compute is meant; 0 takes any. */
  readonly sharedPort: number;
  /** Where to look for another port when one is taken. */
  readonly ports: { readonly from: number; readonly to: number };
  /** How long a client may take from its connection to the end of its authentication. */
  readonly loginTimeoutMs: number;
  /** How long a client waits for a sleeping compute. */
  readonly wakeTimeoutMs: number;
  /** How long a server may have had no connection to give before clients are told so. */
  readonly placeWaitMs: number;
  /** Clients of one compute that have authenticated and are not through yet. */
  readonly maxWaitersPerCompute: number;
  /** Connections that have not authenticated yet, on all ports together. */
  readonly maxUnauthenticated: number;
  /**
   * The highest number that a client's file descriptor may have. The system gives the lowest that is free, so it tells how
   * many are in use, whatever for. Without any left, connections would be closed without a word, and no server woken.
   */
  readonly maxDescriptor: number;
  /** Null does not offer TLS to clients. */
  readonly tls: ClientTlsOptions | null;
  /** Logins at one server at the same time. Each is a thread there; more only compete for the same processors. */
  readonly loginsAtOnce: number;
  /** How long sessions have to come to a safe point when the gateway is shut down. */
  readonly drainTimeoutMs: number;
  /** Which of several threads it is, from 0. */
  readonly slot: number;
  /** How many there are: each has its part of what a compute's sessions may share. */
  readonly threads: number;
  /** Whether other threads listen on the same ports, and the kernel chooses who gets a client. */
  readonly sharesPorts: boolean;
}

export const GATEWAY_DEFAULTS = {
  loginTimeoutMs: 10_000,
  wakeTimeoutMs: 30_000,
  placeWaitMs: 10_000,
  maxWaitersPerCompute: 1_000,
  maxUnauthenticated: 2_000,
  maxDescriptor: Infinity,
  tls: null,
  loginsAtOnce: 16,
  drainTimeoutMs: 0,
  slot: 0,
  threads: 1,
  sharesPorts: false,
} as const;
