import type { Left } from './snapshot.ts';

const ASKS = new RegExp(
  [
    String.raw`\b(?:ROW_COUNT|FOUND_ROWS|WARNING_COUNT|ERROR_COUNT|DIAGNOSTICS|LASTVAL|CURRVAL|LAST_GTID)\b`,
    String.raw`\bSHOW\b[^]*\b(?:WARNINGS|ERRORS)\b`,
    String.raw`\bPREVIOUS\b[^]*\bVALUE\b`,
    String.raw`\bOPTIMIZER_TRACE\b`,
  ].join('|'),
  'i',
);

/**
 * Whether a statement may ask for what the one before it left, which a snapshot destroys and a restart loses. Broad:
 * comments and strings count. A routine that asks in its own text is not seen. For the first command after a
 * snapshot only, whether its server was stopped then or not.
 */
export function asksDiagnostics(sql: string): boolean {
  return ASKS.test(sql);
}

/**
 * What to run in place of a statement that asks for nothing but what the snapshot recorded: it gives the same columns
 * and rows. Null for any other statement: one that `asksDiagnostics` cannot be answered then. None of these questions
 * touches the warnings on a real server, so a second one has to be replaced again.
 */
export function replayDiagnostics(sql: string, left: Left): string | null {
  const { warningCount, errorCount, rowCount, foundRows } = left.diagnostics;
  const text = sql.trim().replace(/;$/, '').trim().replace(/\s+/g, ' ');
  const [, count, alias] = COUNT.exec(text) ?? [];
  if (count !== undefined && alias !== undefined)
    return number(count.toUpperCase() === 'ROW_COUNT' ? rowCount : foundRows, alias);
  switch (text.toUpperCase()) {
    case 'SHOW WARNINGS':
      return conditions(left, () => true);
    case 'SHOW ERRORS':
      return conditions(left, (level) => level === 'Error');
    case 'SHOW COUNT(*) WARNINGS':
      return number(warningCount, '@@session.warning_count');
    case 'SHOW COUNT(*) ERRORS':
      return number(errorCount, '@@session.error_count');
    case 'SELECT @@WARNING_COUNT':
      return number(warningCount, text.slice('SELECT '.length));
    case 'SELECT @@ERROR_COUNT':
      return number(errorCount, text.slice('SELECT '.length));
    case 'SELECT ROW_COUNT()':
      return number(rowCount, text.slice('SELECT '.length));
    case 'SELECT FOUND_ROWS()':
      return number(foundRows, text.slice('SELECT '.length));
    default:
      return null;
  }
}

/** As many programs ask, with a name of their own. */
const COUNT =
  /^SELECT (ROW_COUNT|FOUND_ROWS) ?\( ?\) (?:AS )?`?(?!INTO\b|FROM\b|LIMIT\b|WHERE\b|FOR\b|UNION\b)([a-z_]\w*)`?$/i;

/** A BIGINT, as the functions are: a literal would be an INT. */
function number(value: string, column: string): string {
  return `SELECT CAST(${value} & 18446744073709551615 AS SIGNED) AS \`${column}\` LIMIT 1`;
}

function conditions({ diagnostics, charsets }: Left, isAsked: (level: string) => boolean): string {
  const rows = diagnostics.warnings.filter(({ level }) => isAsked(level));
  if (rows.length === 0) return `${condition('X', '0', "X''", 'utf8mb4')} FROM DUAL WHERE 1 = 0`;
  // The message is in the character set that results are converted to, and is converted to it again.
  const charset = charsets.results ?? 'utf8mb3';
  return rows.map(({ level, code, message }) => condition(level, code, `X'${message}'`, charset)).join(' UNION ALL ');
}

function condition(level: string, code: string, message: string, charset: string): string {
  return `SELECT '${level}' AS Level, CAST(${code} AS UNSIGNED) AS Code, CONVERT(${message} USING ${charset}) AS Message`;
}
