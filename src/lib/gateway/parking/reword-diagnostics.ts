import type { Diagnostics, SessionSnapshot, Warning } from '../../mysql/index.ts';

/**
 * What a look at a session makes its server forget is known from that look: a question for it, if it is one of the few
 * that drivers and people ask word for word, becomes one with the answer in it.
 * @returns null for any other statement
 */
export function rewordDiagnostics(sql: string, { diagnostics, charsets }: SessionSnapshot): string | null {
  const value = VALUE.exec(sql);
  if (value !== null) {
    const [, question = '', alias] = value;
    return `SELECT ${answerTo(question, diagnostics)} AS ${alias ?? quoted(question)}`;
  }
  const show = SHOW.exec(sql);
  if (show === null) return null;
  const isErrors = /errors/i.test(show[2] ?? '');
  if (show[1] !== undefined) {
    return isErrors
      ? `SELECT ${diagnostics.errorCount} AS ${quoted('@@session.error_count')}`
      : `SELECT ${diagnostics.warningCount} AS ${quoted('@@session.warning_count')}`;
  }
  const shown = diagnostics.warnings.filter(({ level }) => !isErrors || level === 'Error');
  return listed(shown, charsets.results ?? 'utf8mb4');
}

const VALUE =
  /^\s*select\s+(row_count\s*\(\s*\)|found_rows\s*\(\s*\)|@@(?:session\.|local\.)?(?:warning|error)_count)(?:\s+as\s+(`[^`]+`|\w+))?\s*;?\s*$/i;
const SHOW = /^\s*show\s+(count\s*\(\s*\*\s*\)\s+)?(warnings|errors)\s*;?\s*$/i;

function answerTo(question: string, { rowCount, foundRows, warningCount, errorCount }: Diagnostics): string {
  if (/^row/i.test(question)) return rowCount;
  if (/^found/i.test(question)) return foundRows;
  return /warning/i.test(question) ? warningCount : errorCount;
}

function listed(warnings: readonly Warning[], charset: string): string {
  const rows = warnings.map(({ level, code, message }) => rowOf(`'${level}'`, code, message, charset));
  return rows.length === 0 ? `${rowOf(`''`, '0', '', charset)} FROM DUAL WHERE 1 = 0` : rows.join(' UNION ALL ');
}

function rowOf(level: string, code: string, message: string, charset: string): string {
  return `SELECT ${level} AS \`Level\`, ${code} AS \`Code\`, CONVERT(X'${message}' USING ${charset}) AS \`Message\``;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
