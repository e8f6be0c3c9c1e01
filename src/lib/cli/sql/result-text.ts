import type { ResultSet } from '../../sql/index.ts';
import { formatAmount } from '../views/format.ts';
import { renderTable } from '../views/table.ts';

/** A result as a table, or how many rows a statement changed. */
export function resultText(result: ResultSet, width: number | null): string {
  if (result.affectedRows !== null) return `ok, ${formatAmount(result.affectedRows, 'row')} changed`;
  const columns = result.columns.map((title, index) => ({
    title,
    text: (row: readonly unknown[]) => valueText(row[index]),
    align: isNumeric(result, index) ? ('right' as const) : ('left' as const),
  }));
  return renderTable(columns, result.rows, { width });
}

/** A result for `--json`: rows as objects, or `{affectedRows}`. Times and long numbers stay the texts they were. */
export function resultJson(result: ResultSet): unknown {
  if (result.affectedRows !== null) return { affectedRows: result.affectedRows };
  return result.rows.map((row) =>
    Object.fromEntries(result.columns.map((column, index) => [column, jsonValue(row[index])])),
  );
}

function isNumeric(result: ResultSet, index: number): boolean {
  return result.rows.length > 0 && result.rows.every((row) => row[index] === null || typeof row[index] === 'number');
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Buffer.isBuffer(value)) return bufferText(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function jsonValue(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return bufferText(value);
  return value ?? null;
}

/** Binary columns often hold text; what is none is shown as the server's own hexadecimal literal. */
function bufferText(value: Buffer): string {
  const text = value.toString('utf8');
  return Buffer.from(text, 'utf8').equals(value) && !/[\u0000-\u0008\u000e-\u001f]/.test(text)
    ? text
    : `0x${value.toString('hex').toUpperCase()}`;
}
