import { Worker } from 'node:worker_threads';

import type { GatewayHost } from '../ports.ts';
import { toDozeError } from '../../errors/index.ts';
import type { Logger } from '../../logger.ts';
import type { KillOutcome, KillRequest } from '../kill-request.ts';
import type { GatewayOptions } from '../options.ts';
import type { PoolChange } from '../pool/pool-change.ts';
import { readError, type ErrorData } from './error-data.ts';
import { createPeer, type Peer } from './peer.ts';
import type { MainCalls, ThreadCalls } from './protocol.ts';

/** A running thread, as the main thread has it. */
export interface Thread {
  readonly peer: Peer<ThreadCalls>;
  /** Resolves when it has ended, of itself or otherwise. What was asked of it has failed by then. */
  readonly ended: Promise<void>;
  terminate(): void;
}

export interface ThreadDeps {
  readonly host: GatewayHost;
  readonly logger: Logger;
  /** Asks the thread whose client was given the id. */
  readonly kill: (request: KillRequest) => Promise<KillOutcome>;
  /** Tells the other threads. */
  readonly notePoolChange: (computeId: string, change: PoolChange) => void;
}

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Messages wait in order until it has loaded, so that it can be asked at once. */
export function startThread({ host, logger, kill, notePoolChange }: ThreadDeps, options: GatewayOptions): Thread {
  const worker = new Worker(new URL(`./worker.${EXTENSION}`, import.meta.url), { workerData: options, execArgv: [] });
  // One that is lost leaves no place behind that nobody has.
  const admitted = new Set<number>();
  const peer = createPeer<MainCalls, ThreadCalls>(worker, {
    findRoute: (computeId) => host.findRoute(computeId),
    findRouteByName: (name, project) => host.findRouteByName(name, project),
    activeEndpoint: (computeId) => host.activeEndpoint(computeId),
    wake: (computeId, signal) => host.wake(computeId, signal),
    whyWaiting: (computeId) => host.whyWaiting(computeId),
    admit: async (computeId, id, account) => {
      await host.admit(computeId, id, account);
      admitted.add(id);
    },
    leave: (id) => {
      admitted.delete(id);
      host.leave(id);
    },
    accounts: (computeId) => host.accounts(computeId),
    refreshAccounts: (computeId) => host.refreshAccounts(computeId),
    readRoutineEffects: (computeId) => host.readRoutineEffects(computeId),
    notePoolChange: (computeId, change) => notePoolChange(computeId, change),
    kill: (request) => kill(request),
    log: (level, facts, message) => logger[level](withErrors(facts), message),
  });
  worker.on('error', (thrown: unknown) => {
    logger.error({ err: toDozeError(thrown), thread: options.slot }, 'a thread of the gateway failed');
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      peer.close();
      for (const id of admitted) host.leave(id);
      resolve();
    });
  });
  return { peer, ended, terminate: () => void worker.terminate() };
}

function withErrors(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { err, ...others } = facts;
  return err === undefined ? others : { ...others, err: readError(err as ErrorData) };
}
