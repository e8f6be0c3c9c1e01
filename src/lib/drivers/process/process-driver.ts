import { rename, rm, stat } from 'node:fs/promises';

import { abortReason, type Clock } from '../../clock.ts';
import type { Engine } from '../../engines/index.ts';
import { createSilentLogger, type Logger } from '../../logger.ts';
import type { Driver, Instance, VerbContext } from '../driver.ts';
import { bringUp } from './bring-up.ts';
import { createInstance } from './create-instance.ts';
import { diskUsage } from './disk-usage.ts';
import { computesDirectory, doomedDirectory, layoutOf } from './layout.ts';
import { inspectInstance } from './inspect-instance.ts';
import { readLog } from './read-log.ts';
import { listIfThere, orNull } from './read-if-there.ts';
import { createServerSource } from './server-source.ts';
import { freeze, kill, shutDown } from './stop-server.ts';
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
  const { home } = options;
  const source = createServerSource({ engine, ...options, serverBinary: options.serverBinary ?? null, serverUser: options.serverUser ?? 'mysql' });

  const inspect = (id: string): Promise<Instance | null> => inspectInstance(layoutOf(home, id), id);
  const ids = async (): Promise<readonly string[]> =>
    (await listIfThere(computesDirectory(home))).filter((name) => !name.startsWith('.'));
  const list = async (): Promise<readonly Instance[]> =>
    (await Promise.all((await ids()).map(inspect))).filter((instance) => instance !== null);
  const watch = createInstanceWatch({ clock, logger, list, inspect });

  /** Our own doing, and not begun when it is too late already. */
  const verb = <Result>(id: string, { signal }: VerbContext, run: () => Promise<Result>): Promise<Result> =>
    signal.aborted ? Promise.reject(abortReason(signal)) : watch.during(id, run);

  const removeInstance = async (id: string, signal: AbortSignal): Promise<void> => {
    const layout = layoutOf(home, id);
    await kill(layout, clock, signal);
    await rm(layout.run, { recursive: true, force: true });
  };

  return {
    name: 'process',
    capabilities: { depths: ['frozen', 'parked'], limits: false },
    probe: (signal) => source.probe(signal),
    prepare: async (request, context) => {
      if (context.signal.aborted) throw abortReason(context.signal);
      return source.prepare(request, context);
    },

    create: (spec, context) => verb(spec.computeId, context, () => createInstance(layoutOf(home, spec.computeId), source, context)),

    start: (spec, context) =>
      verb(spec.computeId, context, async () =>
        bringUp({ layout: layoutOf(home, spec.computeId), spec, clock, onEnded: () => void watch.look() }, await source.require(context.signal), context.signal),
      ),

    suspend: (id, depth, context) =>
      verb(id, context, async () => {
        const layout = layoutOf(home, id);
        if (depth === 'frozen') {
          const state = await freeze(layout, clock, context.signal);
          return { isClean: state.kind !== 'ended' || isCleanExit(state.exit) };
        }
        return { isClean: isCleanExit(await shutDown(layout, clock, context.signal)) };
      }),

    remove: (id, context) => verb(id, context, () => removeInstance(id, context.signal)),

    purge: (id, context) =>
      verb(id, context, async () => {
        await removeInstance(id, context.signal);
        const doomed = doomedDirectory(home, id);
        await rm(doomed, { recursive: true, force: true });
        await orNull(rename(layoutOf(home, id).root, doomed));
        await rm(doomed, { recursive: true, force: true });
      }),

    inspect: async (id, signal) => {
      if (signal.aborted) throw abortReason(signal);
      return inspect(id);
    },
    list: async (signal) => {
      if (signal.aborted) throw abortReason(signal);
      return list();
    },
    listData: async (signal) => {
      if (signal.aborted) throw abortReason(signal);
      const found = await Promise.all((await ids()).map(async (id) => ((await orNull(stat(layoutOf(home, id).data))) === null ? null : id)));
      return found.filter((id) => id !== null);
    },
    watch: (listener) => watch.add(listener),
    logs: (id, logOptions, signal) => readLog(layoutOf(home, id).logFile, logOptions, clock, signal),
    storageBytes: (id, signal) => diskUsage(layoutOf(home, id).data, signal),
    close: async () => {
      watch.close();
    },
  };
}

function isCleanExit(exit: Instance['exit']): boolean {
  return exit === null || exit.code === 0;
}
