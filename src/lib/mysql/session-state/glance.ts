import type { TextRow } from '../text-result.ts';
import type { SessionSnapshot } from './snapshot.ts';
import { utf8 } from './sql-text.ts';

/** What plain statements change of a session, see `isPlainStatement`. Numbers are decimal text. */
export interface Glance {
  readonly rowCount: string;
  readonly foundRows: string;
  readonly lastInsertId: string;
  readonly randomSeeds: readonly [string, string];
}

const COLUMNS = ['ROW_COUNT()', 'FOUND_ROWS()', 'LAST_INSERT_ID()', '@@rand_seed1', '@@rand_seed2', '@@warning_count'];

/** Names no table, as the snapshot's first statement: a tenth of what that costs. */
export const GLANCE_QUERY = `SELECT ${COLUMNS.map(utf8).join(', ')} LIMIT 1`;

const NUMBER = /^-?\d{1,20}$/;

/** @returns null when it is not what was asked for, or there are warnings, which a glance does not read */
export function readGlance(rows: readonly TextRow[]): Glance | null {
  const values = (rows[0] ?? []).map((cell) => cell?.toString() ?? '');
  if (rows.length !== 1 || values.length !== COLUMNS.length || !values.every((value) => NUMBER.test(value)))
    return null;
  const [rowCount = '', foundRows = '', lastInsertId = '', seed1 = '', seed2 = '', warnings] = values;
  return warnings === '0' ? { rowCount, foundRows, lastInsertId, randomSeeds: [seed1, seed2] } : null;
}

/** A session with plain statements since its snapshot. */
export function updateSnapshot(snapshot: SessionSnapshot, { lastInsertId, randomSeeds }: Glance): SessionSnapshot {
  return { ...snapshot, lastInsertId, randomSeeds };
}
