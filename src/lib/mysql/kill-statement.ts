/** Where the id of a KILL statement stands in its text. */
export interface KillStatement {
  readonly id: number;
  /** Whether it ends the connection, and not only what it does. */
  readonly endsConnection: boolean;
  readonly start: number;
  readonly end: number;
}

/** Longer statements that begin like a comment or a blank are taken for something else. */
export const MAX_KILL_LENGTH = 1024;

/** Whether a statement that begins with this byte could be a KILL: its letter, a blank, or a comment. */
export function mayBeginKill(firstByte: number): boolean {
  return mayBegin[firstByte] === 1;
}

const mayBegin = new Uint8Array(256);
for (const character of 'Kk \t\n\v\f\r/#-') mayBegin[character.charCodeAt(0)] = 1;

/**
 * `KILL [HARD|SOFT] [CONNECTION|QUERY] n`, the forms that mean a connection's id. Others, such as QUERY ID or USER,
 * are null. https://mariadb.com/kb/en/kill/
 */
export function parseKill(statement: Buffer): KillStatement | null {
  if (statement.length > MAX_KILL_LENGTH || !mayBeginKill(statement[0] ?? 0)) return null;
  const text = statement.toString('latin1');
  let at = afterWord(text, afterBlanks(text, 0), 'KILL');
  if (at === -1) return null;
  at = afterOneOf(text, at, ['HARD', 'SOFT']);
  const isQuery = afterWord(text, at, 'QUERY') !== -1;
  at = afterOneOf(text, at, ['CONNECTION', 'QUERY']);
  const digits = /\d{1,10}/y;
  digits.lastIndex = at;
  const id = digits.exec(text)?.[0];
  if (id === undefined || !endsAfter(text, at + id.length)) return null;
  return { id: Number(id), endsConnection: !isQuery, start: at, end: at + id.length };
}

export function replaceKillId(statement: Buffer, kill: KillStatement, id: number): Buffer {
  return Buffer.concat([statement.subarray(0, kill.start), Buffer.from(String(id)), statement.subarray(kill.end)]);
}

function afterOneOf(text: string, at: number, words: readonly string[]): number {
  return words.map((word) => afterWord(text, at, word)).find((end) => end !== -1) ?? at;
}

/** Where what follows the word and its blanks begins, or -1 when it does not stand there. */
function afterWord(text: string, at: number, word: string): number {
  const end = at + word.length;
  if (text.slice(at, end).toUpperCase() !== word) return -1;
  const next = afterBlanks(text, end);
  return next === end ? -1 : next;
}

function endsAfter(text: string, at: number): boolean {
  let end = afterBlanks(text, at);
  if (text[end] === ';') end = afterBlanks(text, end + 1);
  return end === text.length;
}

/** Blanks and comments. Not the executable kind, whose text is part of the statement. */
function afterBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const end = afterOneBlank(text, at);
    if (end === at) return at;
    at = end;
  }
}

function afterOneBlank(text: string, at: number): number {
  const character = text[at] ?? '';
  if (/\s/.test(character)) return at + 1;
  if (character === '#') return lineEnd(text, at);
  if (text.startsWith('--', at) && /\s|^$/.test(text[at + 2] ?? '')) return lineEnd(text, at);
  if (!text.startsWith('/*', at) || text[at + 2] === '!' || text.startsWith('M!', at + 2)) return at;
  const close = text.indexOf('*/', at + 2);
  return close === -1 ? at : close + 2;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}
