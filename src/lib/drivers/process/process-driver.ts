import { abortReason, type Clock } from '../../clock.ts';
import { keepsProcess, type Depth } from '../../domain/index.ts';
import type { Engine } from '../../engines/index.ts';
import { createSilentLogger, type Logger } from '../../logger.ts';
import type { Driver, Instance, SuspendOutcome } from '../driver.ts';
import { bringUp } from './bring-up.ts';
import { copyCompute } from './copy-compute.ts';
import { createInstance } from './create-instance.ts';
import { diskUsage } from './disk-usage.ts';
import { inspectInstance } from './inspect-instance.ts';
import { layoutOf, type Layout } from './layout.ts';
import { createInstanceList, listData } from './list-instances.ts';
import { processUsage } from './process-usage.ts';
import { readLog } from './read-log.ts';
import { purgeInstance, removeInstance } from './remove-instance.ts';
import { listSnapshots, removeSnapshot } from './snapshots.ts';
import { createServerSource } from './server-source.ts';
import { freeze, shutDown } from './stop-server.ts';
import { createInstanceWatch } from './watch-instances.ts';

export interface ProcessDriverDeps {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger?: Logger;
}

export interface ProcessDriverOptions {
  /** Absolute; computes and templates live below it. */
  readonly home: string;
  /** The server to run; null or absent looks for one. */
  readonly serverBinary?: string | null;
  /** PATH, as data. */
  readonly searchPath: string;
  /** Whom the server runs as when we are root, if the system has such a user. Default `mysql`. */
  readonly serverUser?: string;
}

/** Runs computes as processes of a database server that is installed on this machine. */
export function createProcessDriver(deps: ProcessDriverDeps, options: ProcessDriverOptions): Driver {
  const { engine, clock, logger = createSilentLogger() } = deps;
  const { home, searchPath, serverBinary = null, serverUser = 'mysql' } = options;
  const source = createServerSource({ engine, home, searchPath, serverBinary, serverUser });
  const layout = (id: string): Layout => layoutOf(home, id);
  const inspect = (id: string): Promise<Instance | null> => inspectInstance(layout(id), id);
  const list = createInstanceList(home, clock);
  const watch = createInstanceWatch({ clock, logger, list, inspect });

  /** Not begun when it is too late already. */
  const inTime = <Result>(signal: AbortSignal, run: () => Promise<Result>): Promise<Result> =>
    signal.aborted ? Promise.reject(abortReason(signal)) : run();
  /** The same, and our own doing: no news for who watches. */
  const verb = <Result>(id: string, signal: AbortSignal, run: () => Promise<Result>): Promise<Result> =>
    inTime(signal, () => watch.during(id, run));

  return {
    name: 'process',
    capabilities: { depths: ['frozen', 'parked'], limits: false, isOnThisHost: true, stateless: false },

    probe: (signal) => source.probe(signal),
    prepare: (request, context) => inTime(context.signal, () => source.prepare(request, context)),
    create: ({ computeId }, context) =>
      verb(computeId, context.signal, () => createInstance(layout(computeId), source, context)),
    start: (spec, { signal, listener }) =>
      verb(spec.computeId, signal, async () => {
        const binary = await source.require(signal);
        const onEnded = (): void => void watch.look();
        return bringUp({ layout: layout(spec.computeId), spec, clock, onEnded, listener }, binary, signal);
      }),
    suspend: (id, depth, { signal }) => verb(id, signal, () => takeDown(layout(id), depth, clock, signal)),
    noteReady: () => undefined,
    resize: () => Promise.resolve(),
    usage: (id, signal) => inTime(signal, () => processUsage(layout(id))),
    remove: (id, { signal }) => verb(id, signal, () => removeInstance(layout(id), clock, signal)),
    purge: (id, { signal }) => verb(id, signal, () => purgeInstance(home, id, clock, signal)),

    copyData: (request, { signal }) =>
      verb(request.to.computeId, signal, () => copyCompute(home, request, clock, signal)),
    removeSnapshot: (snapshot, { signal }) => inTime(signal, () => removeSnapshot(home, snapshot)),
    listSnapshots: (signal) => inTime(signal, () => listSnapshots(home)),

    inspect: (id, signal) => inTime(signal, () => inspect(id)),
    list: (signal) => inTime(signal, list),
    listData: (signal) => inTime(signal, () => listData(home)),
    watch: (listener) => watch.add(listener),
    logs: (id, logOptions, signal) => readLog(layout(id).logFile, logOptions, clock, signal),
    storageBytes: (id, signal) => diskUsage(layout(id).data, signal),
    close: () => {
      watch.close();
      return Promise.resolve();
    },
  };
}

/** Two depths: the process stopped where it is, or gone. */
async function takeDown(layout: Layout, depth: Depth, clock: Clock, signal: AbortSignal): Promise<SuspendOutcome> {
  if (!keepsProcess(depth)) {
    return { isClean: isCleanExit(await shutDown(layout, clock, signal)), depth: 'parked', shortfall: null };
  }
  const state = await freeze(layout, clock, signal);
  if (state.kind === 'ended') return { isClean: isCleanExit(state.exit), depth: 'parked', shortfall: null };
  const shortfall = depth === 'frozen' ? null : 'a process outside of a container cannot be hibernated';
  return { isClean: true, depth: 'frozen', shortfall };
}

/** Nothing that ended badly is known. */
function isCleanExit(exit: Instance['exit']): boolean {
  return exit === null || exit.code === 0;
}
