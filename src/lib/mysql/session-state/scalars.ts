import { SCALAR_NAMES, type ScalarName } from './session-queries.ts';
import type { TextRow } from '../text-result.ts';

/** What the first statement of a snapshot told; empty text for NULL where there is none in practice. */
export type Scalars = Readonly<Record<Exclude<ScalarName, NullableScalar>, string>> &
  Readonly<Record<NullableScalar, string | null>>;

type NullableScalar = 'database' | 'role' | 'results' | 'initConnect';
const NULLABLE: ReadonlySet<string> = new Set<NullableScalar>(['database', 'role', 'results', 'initConnect']);

/** Numbers that restoring puts into SQL as they are. */
const NUMBER = /^-?\d{1,20}(?:\.\d+)?$/;
const NUMBERS: readonly ScalarName[] = [
  ...(['lastInsertId', 'insertId', 'timestamp', 'randomSeed1', 'randomSeed2', 'connectionId'] as const),
  ...(['warningCount', 'errorCount', 'rowCount', 'foundRows', 'maxAllowedPacket'] as const),
  ...(['wait_timeout', 'max_statement_time', 'sql_select_limit'] as const),
];
const CHARSET_NAME = /^\w{1,64}$/;

/** @returns null when it is not what was asked for. */
export function readScalars(rows: readonly TextRow[]): Scalars | null {
  const row = rows[0];
  if (rows.length !== 1 || row?.length !== SCALAR_NAMES.length) return null;
  const values = SCALAR_NAMES.map((name, index) => [name, row[index]?.toString() ?? null] as const);
  const areThere = values.every(([name, value]) => value !== null || NULLABLE.has(name));
  if (!areThere) return null;
  const scalars = Object.fromEntries(values) as unknown as Scalars;
  const areNumbers = NUMBERS.every((name) => NUMBER.test(scalars[name] ?? ''));
  const names = [scalars.client, scalars.results ?? 'binary', scalars.connectionCollation, scalars.databaseCollation];
  return areNumbers && names.every((name) => CHARSET_NAME.test(name)) ? scalars : null;
}
