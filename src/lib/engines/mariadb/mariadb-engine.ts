import type { Clock } from '../../clock.ts';
import type { Engine } from '../engine.ts';
import { awaitReady } from './await-ready.ts';
import { bufferPoolBytes, readLoad, resizeServer } from './buffer-pool.ts';
import { mayHideState, readRoutineEffects } from './hidden-state.ts';
import { holdWrites } from './hold-writes.ts';
import { initSql, initSqlOfCopy, initSqlOfSpare } from './init-sql.ts';
import { introduce } from './introduce.ts';
import { killConnection } from './kill-connection.ts';
import { createPollPace } from './poll-pace.ts';
import { readAccounts } from './read-accounts.ts';
import { serverArguments, sharedConnections } from './server-arguments.ts';
import { startPhaseEndedBy } from './start-phase.ts';
import { templateScript } from './template-script.ts';
import { beginWarming, endWarming, pauseWarming, readCache } from './warm-cache.ts';

export interface MariaDbEngineDeps {
  readonly clock: Clock;
}

export function createMariaDbEngine({ clock }: MariaDbEngineDeps): Engine {
  const ready = { clock, pace: createPollPace() };
  return {
    name: 'mariadb',
    versions: ['11.8', '11.4', '10.11', '10.6'],
    serverBinaries: ['mariadbd', 'mysqld'],
    officialImage: (version) => `mariadb:${version}`,
    templateScript,
    serverArguments,
    initSql,
    initSqlOfCopy,
    initSqlOfSpare,
    holdWrites,
    awaitReady: (target, signal, listening) => awaitReady(target, { ...ready, listening }, signal),
    introduce: (root, credentials, signal, listening) => introduce(root, credentials, { ...ready, listening }, signal),
    startPhaseEndedBy,
    mayHideState,
    killConnection,
    readRoutineEffects,
    sharedConnections,
    readAccounts: (target, signal) => readAccounts(target, clock, signal),
    settleIn: (target, cu, signal) => resizeServer(target, cu, clock, signal),
    bufferPoolBytes,
    readLoad,
    readCache,
    beginWarming,
    endWarming,
    pauseWarming,
    resize: (target, cu, signal) => resizeServer(target, cu, clock, signal),
  };
}
