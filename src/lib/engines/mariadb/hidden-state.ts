import { connect } from '../../sql/index.ts';
import type { SqlTarget } from '../engine.ts';

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

const SQL = `SELECT ${COUNTS.join(' + ')} AS hidden`;

/** Whether there is anything in this server by which a statement may leave state that neither its text nor a counter shows. */
export async function mayHideState(target: SqlTarget, signal: AbortSignal): Promise<boolean> {
  await using connection = await connect(target, { signal });
  const [row] = await connection.queryRows(SQL);
  return Number(row?.['hidden']) > 0;
}

function countOf(table: string, condition: string): string {
  // The server's own schema takes no such thing on a caller's behalf.
  return `(SELECT COUNT(*) FROM information_schema.${table} WHERE ${schemaOf(table)} <> 'sys' AND (${condition}))`;
}

function schemaOf(table: string): string {
  return { ROUTINES: 'ROUTINE_SCHEMA', TRIGGERS: 'TRIGGER_SCHEMA' }[table] ?? 'TABLE_SCHEMA';
}
