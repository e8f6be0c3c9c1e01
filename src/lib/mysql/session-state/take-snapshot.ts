import { hasCode } from '../../errors/index.ts';
import { PIN_COUNTERS } from './pin-counters.ts';
import type { PinReason } from './pin-reason.ts';
import { readState, readWarnings, type SessionState } from './read-state.ts';
import { findUserVariablePin, readUserVariables } from './read-user-variables.ts';
import { setStatement, settableVariables } from './restore-statements.ts';
import { readScalars, type Scalars } from './scalars.ts';
import { loginVariables, readVariables } from './session-variables.ts';
import { SCALARS_QUERY, STATE_QUERY, userVariablesQuery, WARNINGS_QUERY } from './session-queries.ts';
import type {
  Left,
  SessionQuery,
  SessionSnapshot,
  SessionVariable,
  SnapshotOutcome,
  UserVariable,
  Warning,
} from './snapshot.ts';

/** A frame's header and the command. */
const COMMAND_OVERHEAD = 5;

/**
 * Reads what a session is, over its own connection, in two statements and up to three more: for warnings, for user
 * variables, and to see that its variables can be set. Leaves the session as it was but for what the last statement
 * had left (`Diagnostics`). Not inside a transaction, and not after a one-shot SET TRANSACTION.
 *
 * `bytesSent`: everything sent on this connection, from the login on, or after the COM_RESET_CONNECTION or
 * COM_CHANGE_USER that last began it anew. The server's own count has to agree, as it does to the byte (10.11.19,
 * 11.8.9): FLUSH STATUS, which may hide in a procedure, sets it to 0 with all the counters that are looked at here.
 * @throws what `query` throws for anything but the server's refusal
 */
export async function takeSnapshot(query: SessionQuery, bytesSent: number): Promise<SnapshotOutcome> {
  let sent = bytesSent;
  const counted: SessionQuery = (sql) => {
    sent += COMMAND_OVERHEAD + sql.length;
    return query(sql);
  };
  try {
    return await look(counted, () => sent);
  } catch (error) {
    if (!hasCode(error, 'SQL_FAILED')) throw error;
    return pinned({ code: 'unverified' });
  }
}

async function look(query: SessionQuery, bytesSent: () => number): Promise<SnapshotOutcome> {
  const scalars = readScalars(await query(SCALARS_QUERY));
  if (scalars === null) return pinned({ code: 'unverified' });
  const isInTransaction = scalars.inTransaction !== '0';
  const hasWarnings = scalars.warningCount !== '0';
  if (isInTransaction && hasWarnings) return pinned({ code: 'transaction' });
  const left = leftBy(scalars, hasWarnings ? readWarnings(await query(WARNINGS_QUERY)) : []);
  if (isInTransaction) return pinned({ code: 'transaction' }, left);
  try {
    return await lookFurther(query, bytesSent, scalars, left);
  } catch (error) {
    if (!hasCode(error, 'SQL_FAILED')) throw error;
    return pinned({ code: 'unverified' }, left);
  }
}

async function lookFurther(
  query: SessionQuery,
  bytesSent: () => number,
  scalars: Scalars,
  left: Left,
): Promise<SnapshotOutcome> {
  const state = readState(await query(STATE_QUERY));
  if (state?.counters.get('BYTES_RECEIVED') !== bytesSent()) return pinned({ code: 'unverified' }, left);
  const reason = findPin(scalars, state);
  if (reason !== null) return pinned(reason, left);
  const variables = readVariables(state.variables);
  if ('code' in variables) return pinned(variables, left);
  const known = state.userVariables;
  const userVariables = known.length === 0 ? [] : readUserVariables(known, await query(userVariablesQuery(known)));
  if ('code' in userVariables) return pinned(userVariables, left);
  const snapshot = assemble(scalars, state, { variables, userVariables, left });
  if (setStatement(snapshot).length >= Number(scalars.maxAllowedPacket)) return pinned({ code: 'userVariables' }, left);
  // To what they are: what is refused here a new connection would be refused too, for want of a right or otherwise.
  if (variables.length > 0) await query(settableVariables(variables));
  return { kind: 'carried', snapshot };
}

function leftBy(scalars: Scalars, warnings: readonly Warning[]): Left {
  const { warningCount, errorCount, rowCount, foundRows, client, results } = scalars;
  const { connectionCollation, databaseCollation } = scalars;
  return {
    diagnostics: { warningCount, errorCount, rowCount, foundRows, warnings },
    charsets: { client, results, connectionCollation, databaseCollation },
  };
}

function findPin({ initConnect }: Scalars, state: SessionState): PinReason | null {
  for (const [counter, code] of Object.entries(PIN_COUNTERS)) {
    if (state.counters.get(counter) !== 0) return { code };
  }
  // It runs again at the next login. What it sets by name is read, see the query; the rest cannot be told.
  if (/\b(?:CALL|TRANSACTION|EXECUTE|SELECT)\b|@\s*[^@\s]/i.test(initConnect ?? '')) return { code: 'initConnect' };
  return findUserVariablePin(state.userVariables);
}

interface Parts {
  readonly variables: readonly SessionVariable[];
  readonly userVariables: readonly UserVariable[];
  readonly left: Left;
}

function assemble(scalars: Scalars, { variables, counters }: SessionState, parts: Parts): SessionSnapshot {
  const now = variables.find(({ name }) => name === 'TIMESTAMP')?.value;
  return {
    database: scalars.database,
    role: scalars.role,
    ...parts.left,
    variables: [...parts.variables, ...loginVariables(scalars)],
    userVariables: parts.userVariables,
    lastInsertId: scalars.lastInsertId,
    insertId: scalars.insertId,
    // A clock that runs does not show two statements the same microsecond.
    fixedTimestamp: Number(now) === Number(scalars.timestamp) ? scalars.timestamp : null,
    randomSeeds: [scalars.randomSeed1, scalars.randomSeed2],
    connectionId: scalars.connectionId,
    preparedStatements: (counters.get('COM_STMT_PREPARE') ?? 0) - (counters.get('COM_STMT_CLOSE') ?? 0),
  };
}

function pinned(reason: PinReason, left: Left | null = null): SnapshotOutcome {
  return { kind: 'pinned', reason, left };
}
