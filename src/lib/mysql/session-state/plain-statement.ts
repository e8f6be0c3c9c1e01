/** What a statement is whose effect on its session is known by its first words, as far as no routine is at work. */
const BEGINS_PLAIN =
  /^\s*(?:(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|VALUES|SHOW|COMMIT|ROLLBACK|SAVEPOINT)\b|RELEASE\s+SAVEPOINT\b|START\s+TRANSACTION\b|BEGIN(?:\s+WORK)?\s*$)/i;
/** What stands in quotes, and comments that are no more than that. */
const QUOTED = /'[^']*'|("[^"]*"|`[^`]*`)|\/\*(?![!M])[^]*?\*\//g;
/**
 * Variables, a second statement, quotes without an end, other comments, what may be more than one byte wide, and a function
 * with a quoted name.
 */
const ODD = /[@;'"`#\x80-\xff]|--|\/\*|\x01\s*\(/;

/**
 * Whether a statement changes nothing of its session but the last insert id, the state of RAND(), and what it leaves
 * about itself (row counts, warnings), unless a routine, trigger or view that it uses does. It is not read as SQL: what
 * looks unusual is not plain. So is a backslash, which ends a string in one sql_mode and not in another. What no
 * connection can be given (GET_LOCK, a sequence's last value) `StreamMarks` looks for.
 * @param sql one character a byte
 */
export function isPlainStatement(sql: string): boolean {
  if (!BEGINS_PLAIN.test(sql) || sql.includes('\\')) return false;
  const bare = sql.replace(/;\s*$/, '').replace(QUOTED, (_text, name?: string) => (name === undefined ? ' ' : '\x01'));
  return !ODD.test(bare);
}

/** Whether what routines, triggers and views may do has to be asked anew after it. Broad, as a word in data counts. */
export function mayChangeRoutines(sql: string): boolean {
  return /\b(?:FUNCTION|PROCEDURE|TRIGGER|VIEW|PACKAGE)\b|\/\*[!M]/i.test(sql);
}

/** Whether new sessions may begin otherwise after it. */
export function mayChangeGlobals(sql: string): boolean {
  return /\bGLOBAL\b|\/\*[!M]/i.test(sql);
}
