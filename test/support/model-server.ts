import type { Socket } from 'node:net';

import {
  Command,
  GLANCE_QUERY,
  NATIVE_PASSWORD,
  writeAuthSwitchRequest,
  writeErr,
  writeOk,
} from '../../src/lib/mysql/index.ts';
import { PIN_COUNTERS } from '../../src/lib/mysql/session-state/pin-counters.ts';
import { SCALAR_NAMES, SCALARS_QUERY, STATE_QUERY } from '../../src/lib/mysql/session-state/session-queries.ts';
import type { FakeBackend } from './fake-backend.ts';

/** What one connection of the model has. */
interface ModelSession {
  x: string | null;
  rowCount: number;
  isInTransaction: boolean;
  hasTemporaryTable: boolean;
  isChangingUser: boolean;
  bytes: number;
}

const AUTOCOMMIT = 2;
const IN_TRANSACTION = 1;
/** What a statement of the gateway's own leaves, so that it shows where it should not. */
const OF_THE_GATEWAY = -77;
const SCALARS: Readonly<Record<string, string | null>> = {
  database: null,
  role: null,
  results: 'utf8mb4',
  client: 'utf8mb4',
  connectionCollation: 'utf8mb4_general_ci',
  databaseCollation: 'utf8mb4_general_ci',
  maxAllowedPacket: '16777216',
  initConnect: '',
  sql_mode: '',
};

/**
 * Makes of a server that is none one whose sessions have a variable `@x`, a row count, a transaction and a temporary table,
 * and that answers what the gateway asks of them.
 */
export function makeModelServer(backend: FakeBackend): void {
  const sessions = new WeakMap<Socket, ModelSession>();
  backend.answer = (payload, socket) => {
    let session = sessions.get(socket);
    if (session === undefined)
      sessions.set(socket, (session = { ...fresh(), bytes: socket.bytesRead - 4 - payload.length }));
    session.bytes += 4 + payload.length;
    if (session.isChangingUser) {
      session.isChangingUser = false;
      return [ok(session)];
    }
    switch (payload[0]) {
      case Command.RESET_CONNECTION:
        Object.assign(session, fresh());
        return [ok(session)];
      case Command.CHANGE_USER:
        Object.assign(session, fresh(), { isChangingUser: true });
        return [writeAuthSwitchRequest({ plugin: NATIVE_PASSWORD, data: Buffer.alloc(20, 'c') })];
      case Command.QUERY:
        return run(session, payload.toString('latin1', 1));
      default:
        return [ok(session)];
    }
  };
}

function fresh(): ModelSession {
  return { x: null, rowCount: 0, isInTransaction: false, hasTemporaryTable: false, isChangingUser: false, bytes: 0 };
}

function run(session: ModelSession, sql: string): readonly Buffer[] {
  const own = askedByGateway(session, sql);
  if (own !== null) {
    session.rowCount = OF_THE_GATEWAY;
    return own;
  }
  const replayed = /^SELECT CAST\((-?\d+) &/.exec(sql)?.[1];
  if (replayed !== undefined) {
    session.rowCount = -1;
    return rows(session, [[replayed]]);
  }
  switch (sql.split(' ', 1)[0]) {
    case 'BEGIN':
      session.isInTransaction = true;
      break;
    case 'COMMIT':
      session.isInTransaction = false;
      break;
    case 'CREATE':
      session.hasTemporaryTable = true;
      break;
    case 'UPDATE': {
      const affected = Number(sql.split(' ')[1]);
      session.rowCount = affected;
      return [ok(session, affected)];
    }
    case 'SELECT':
      return selected(session, sql);
    case 'SET':
      session.x = /@`?x`? = (?:CAST\()?(\d+)/.exec(sql)?.[1] ?? session.x;
      break;
    default:
      return [writeErr({ errno: 1064, sqlState: '42000', message: `the model does not know: ${sql}` })];
  }
  session.rowCount = 0;
  return [ok(session)];
}

function selected(session: ModelSession, sql: string): readonly Buffer[] {
  const value = {
    'SELECT x': session.x,
    'SELECT temporary': String(session.hasTemporaryTable),
    'SELECT ROW_COUNT()': String(session.rowCount),
  }[sql];
  session.rowCount = -1;
  return rows(session, [[value ?? null]]);
}

function askedByGateway(session: ModelSession, sql: string): readonly Buffer[] | null {
  if (sql === GLANCE_QUERY) return rows(session, [[String(session.rowCount), '1', '0', '1', '2', '0']]);
  if (sql.startsWith('SELECT @@global.init_connect')) return rows(session, [['1']]);
  if (sql === SCALARS_QUERY) return rows(session, [SCALAR_NAMES.map((name) => scalar(session, name))]);
  if (sql === STATE_QUERY) return rows(session, stateOf(session));
  // Its value, no collation, and that it is the same when read back.
  if (sql.startsWith('SET STATEMENT max_statement_time = 0 FOR SELECT')) return rows(session, [[session.x, null, '1']]);
  return null;
}

function scalar({ rowCount, isInTransaction }: ModelSession, name: string): string | null {
  if (name === 'rowCount') return String(rowCount);
  if (name === 'inTransaction') return isInTransaction ? '1' : '0';
  return name in SCALARS ? SCALARS[name]! : '0';
}

function stateOf({ x, hasTemporaryTable, bytes }: ModelSession): readonly (readonly (string | null)[])[] {
  const isMade = (name: string): boolean => name === 'COM_CREATE_TEMPORARY_TABLE' && hasTemporaryTable;
  return [
    ...Object.keys(PIN_COUNTERS).map((name) => ['2', name, isMade(name) ? '1' : '0', null, null]),
    ['2', 'BYTES_RECEIVED', String(bytes), null, null],
    ...(x === null ? [] : [['3', 'x', null, 'INT', 'binary']]),
  ];
}

function statusOf({ isInTransaction }: ModelSession): number {
  return AUTOCOMMIT | (isInTransaction ? IN_TRANSACTION : 0);
}

function ok(session: ModelSession, affectedRows = 0): Buffer {
  return writeOk({ affectedRows, lastInsertId: 0, status: statusOf(session), warnings: 0, rest: Buffer.alloc(0) });
}

/** As before DEPRECATE_EOF; nobody reads the definitions. */
function rows(session: ModelSession, all: readonly (readonly (string | null)[])[]): readonly Buffer[] {
  const columns = all[0]?.length ?? 1;
  const eof = Buffer.from([0xfe, 0, 0, statusOf(session), 0]);
  const write = (row: readonly (string | null)[]): Buffer =>
    Buffer.concat(
      row.map((cell) => (cell === null ? Buffer.of(0xfb) : Buffer.concat([Buffer.of(cell.length), Buffer.from(cell)]))),
    );
  return [
    Buffer.of(columns),
    ...Array.from({ length: columns }, () => Buffer.from('definition')),
    eof,
    ...all.map(write),
    eof,
  ];
}
