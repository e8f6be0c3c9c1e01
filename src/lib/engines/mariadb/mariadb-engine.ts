import type { Clock } from '../../clock.ts';
import type { Engine } from '../engine.ts';
import { awaitReady } from './await-ready.ts';
import { bufferPoolBytes, readLoad, resizeServer } from './buffer-pool.ts';
import { mayHideState, readRoutineEffects } from './hidden-state.ts';
import { holdWrites } from './hold-writes.ts';
import { initSql, initSqlOfCopy, initSqlOfSpare } from './init-sql.ts';
import { introduce } from './introduce.ts';
import { createPollPace } from './poll-pace.ts';
import { readAccounts } from './read-accounts.ts';
import { serverArguments, sharedConnections } from './server-arguments.ts';
import { templateScript } from './template-script.ts';

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
    awaitReady: (target, signal) => awaitReady(target, ready, signal),
    introduce: (root, credentials, signal) => introduce(root, credentials, ready, signal),
    mayHideState,
    readRoutineEffects,
    sharedConnections,
    readAccounts: (target, signal) => readAccounts(target, clock, signal),
    bufferPoolBytes,
    readLoad,
    resize: (target, cu, signal) => resizeServer(target, cu, clock, signal),
  };
}
