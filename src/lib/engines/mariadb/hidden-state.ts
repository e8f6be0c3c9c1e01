import { connect } from '../../sql/index.ts';
import type { RoutineEffects, SqlTarget } from '../engine.ts';

const WORDS = 'get_lock|lastval|currval|previous[[:space:]]+value|set[[:space:]]+transaction';

/** Bodies where a word hides from what clients send. Events run in sessions of their own. */
const BODIES = [
  ['ROUTINES', 'ROUTINE_DEFINITION'],
  ['TRIGGERS', 'ACTION_STATEMENT'],
  ['VIEWS', 'VIEW_DEFINITION'],
] as const;

const COUNTS = [
  ...BODIES.map(([table, column]) => countOf(table, `${column} RLIKE '${WORDS}'`)),
  // The variables of a package are a session's.
  countOf('ROUTINES', "ROUTINE_TYPE = 'PACKAGE BODY'"),
];

const HIDDEN = COUNTS.join(' + ');
const SQL = `SELECT ${HIDDEN} AS hidden`;

/**
 * Bodies that a statement runs without a CALL, with anything in them that may set a variable of the session or leave
 * something in it. A SET of a local variable looks the same; only that of one column of a trigger's row is told apart.
 */
const CHANGES = '@|\\bset\\b|\\bcall\\b|temporary|prepare|execute|flush|lock|handler';
const SET_OF_ROW = 'set[[:space:]]+`?new`?[[:space:]]*[.][^;,]*(;|$)';
const SEEN = [
  countOf('ROUTINES', `ROUTINE_TYPE <> 'PROCEDURE' AND ROUTINE_DEFINITION RLIKE '${CHANGES}'`),
  countOf('TRIGGERS', `REGEXP_REPLACE(ACTION_STATEMENT, '${SET_OF_ROW}', '') RLIKE '${CHANGES}'`),
].join(' + ');
const EFFECTS_SQL = `SELECT ${HIDDEN} AS hidden, ${SEEN} AS seen`;

/** Whether there is anything in this server by which a statement may leave state that neither its text nor a counter shows. */
export async function mayHideState(target: SqlTarget, signal: AbortSignal): Promise<boolean> {
  await using connection = await connect(target, { signal });
  const [row] = await connection.queryRows(SQL);
  return Number(row?.['hidden']) > 0;
}

export async function readRoutineEffects(target: SqlTarget, signal: AbortSignal): Promise<RoutineEffects> {
  await using connection = await connect(target, { signal });
  const [row] = await connection.queryRows(EFFECTS_SQL);
  // A body that is not told is one that may do anything.
  if (row?.['hidden'] === null || Number(row?.['hidden']) > 0) return 'hidden';
  return Number(row?.['seen']) > 0 ? 'seen' : 'none';
}

function countOf(table: string, condition: string): string {
  // The server's own schema takes no such thing on a caller's behalf.
  return `(SELECT COUNT(*) FROM information_schema.${table} WHERE ${schemaOf(table)} <> 'sys' AND (${condition}))`;
}

function schemaOf(table: string): string {
  return { ROUTINES: 'ROUTINE_SCHEMA', TRIGGERS: 'TRIGGER_SCHEMA' }[table] ?? 'TABLE_SCHEMA';
}
