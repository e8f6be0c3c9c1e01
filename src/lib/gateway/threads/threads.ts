import type { PortRequest } from '../../control/index.ts';
import { toDozeError } from '../../errors/index.ts';
import { slotOf } from '../connection-ids.ts';
import type { GatewayDeps } from '../core.ts';
import { NOT_HERE, type KillOutcome, type KillRequest } from '../kill-request.ts';
import type { GatewayOptions } from '../options.ts';
import type { GatewayHost } from '../ports.ts';
import type { PoolChange } from '../pool/pool-change.ts';
import type { ClientTlsOptions } from '../tls/client-tls-options.ts';
import { createKeptThread, type KeptThread } from './kept-thread.ts';
import type { Peer } from './peer.ts';
import type { ThreadCalls } from './protocol.ts';
import { startThread } from './thread.ts';

export interface ThreadedGatewayOptions extends Omit<GatewayOptions, 'slot' | 'sharesPorts'> {
  /** From 1. More than one needs a kernel that shares a port among them, as Linux does. */
  readonly threads: number;
}

/** All threads of a gateway, and what one that is started anew has to know. */
export interface Threads {
  launch(host: GatewayHost): void;
  /** What each says, null for one that is lost. */
  ask<Name extends keyof ThreadCalls>(
    name: Name,
    args: Parameters<ThreadCalls[Name]>,
    signal?: AbortSignal,
  ): Promise<readonly (ReturnType<ThreadCalls[Name]> | null)[]>;
  tell<Name extends keyof ThreadCalls>(name: Name, args: Parameters<ThreadCalls[Name]>): void;
  /**
   * Opens a port at each: the first finds it, the others join.
   * @returns the port; null when there is no thread at this moment
   */
  listen(open: (thread: KeptThread, joined: number | null) => Promise<number | null>): Promise<number | null>;
  /** Monotonic times at which one was lost. */
  readonly lossesMs: readonly number[];
  /** To be set for one that is started anew. */
  sharedPort: number;
  readonly opened: Map<string, PortRequest>;
  readonly held: Set<string>;
  tls: ClientTlsOptions | null;
  /** Nothing is started any more. */
  end(): void;
}

export function createThreads(
  { clock, logger }: GatewayDeps,
  { threads: count, ...options }: ThreadedGatewayOptions,
): Threads {
  const kept: KeptThread[] = [];

  const kill = async (request: KillRequest): Promise<KillOutcome> => {
    const slot = slotOf(request.id);
    const thread = slot === null ? undefined : kept[slot];
    return (await thread?.ask('kill', [request])) ?? NOT_HERE;
  };

  const restore = (peer: Peer<ThreadCalls>): void => {
    const failed = (error: unknown): void => {
      logger.error({ err: toDozeError(error) }, 'a thread of the gateway could not open a port again');
    };
    for (const computeId of threads.held) peer.ask('hold', [computeId]).catch(failed);
    peer.ask('start', [threads.sharedPort]).catch(failed);
    for (const request of threads.opened.values()) peer.ask('open', [request, true]).catch(failed);
  };

  const launch = (host: GatewayHost, slot: number): KeptThread => {
    const loginsAtOnce = Math.ceil(options.loginsAtOnce / count);
    const own = { ...options, slot, threads: count, sharesPorts: count > 1, loginsAtOnce };
    const notePoolChange = (computeId: string, change: PoolChange): void => {
      for (const other of kept) if (other !== kept[slot]) other.tell('notePoolChange', [computeId, change]);
    };
    return createKeptThread({
      clock,
      logger,
      restore,
      start: () => startThread({ host, logger, kill, notePoolChange }, { ...own, tls: threads.tls }),
    });
  };

  const threads: Threads = {
    launch: (host) => {
      for (let slot = 0; slot < count; slot += 1) kept.push(launch(host, slot));
    },
    ask: (name, args, signal) => Promise.all(kept.map((thread) => thread.ask(name, args, signal))),
    tell: (name, args) => {
      for (const thread of kept) thread.tell(name, args);
    },
    listen: async (open) => {
      let port: number | null = null;
      for (const thread of kept) port = (await open(thread, port)) ?? port;
      return port;
    },
    get lossesMs() {
      return kept.map(({ lostMs }) => lostMs).filter((ms) => ms !== null);
    },
    sharedPort: 0,
    opened: new Map(),
    held: new Set(),
    tls: options.tls,
    end: () => {
      for (const thread of kept) thread.end();
    },
  };
  return threads;
}
