import { join } from 'node:path';

/** Where a compute's things are: one directory each, of which only `data` is worth keeping. */
export interface Layout {
  readonly root: string;
  readonly data: string;
  readonly tmp: string;
  readonly run: string;
  readonly log: string;
  /** There is an instance as long as this file is there. Holds the port it had last. */
  readonly instanceFile: string;
  /** Written by the supervisor: who the server is. */
  readonly serverFile: string;
  /** Written by the supervisor: how the server ended; its modification time is when. */
  readonly exitFile: string;
  /** There while a shutdown was asked for and has not ended. */
  readonly stoppingFile: string;
  readonly initFile: string;
  /** What the server proves itself with to whom wants TLS. */
  readonly identityFile: string;
  /** Written by the server beside its data when every statement of `initSql` ran. */
  readonly initialisedFile: string;
  readonly logFile: string;
}

export function computesDirectory(home: string): string {
  return join(home, 'computes');
}

export function templatesDirectory(home: string): string {
  return join(home, 'templates');
}

export function layoutOf(home: string, computeId: string): Layout {
  const root = join(computesDirectory(home), computeId);
  const run = join(root, 'run');
  const data = join(root, 'data');
  const log = join(root, 'log');
  return {
    root,
    data,
    run,
    log,
    tmp: join(root, 'tmp'),
    instanceFile: join(run, 'instance.json'),
    serverFile: join(run, 'server'),
    exitFile: join(run, 'exit'),
    stoppingFile: join(run, 'stopping'),
    initFile: join(run, 'init.sql'),
    identityFile: join(run, 'tls.pem'),
    initialisedFile: join(data, 'doze-initialised'),
    logFile: join(log, 'server.log'),
  };
}

export function snapshotsDirectory(home: string): string {
  return join(home, 'snapshots');
}

export function snapshotDirectory(home: string, computeId: string, snapshotId: string): string {
  return join(snapshotsDirectory(home), computeId, snapshotId);
}

/** There when the data beside it was copied as a whole. */
export function copiedFile(root: string): string {
  return join(root, 'copied');
}

/** A purge renames first, so that half a purge is never taken for data. */
export function doomedDirectory(home: string, computeId: string): string {
  return join(computesDirectory(home), `.purging-${computeId}`);
}
