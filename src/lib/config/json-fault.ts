export interface JsonFault {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

const TOKEN =
  /[ \t\n\r]*(?:(?<value>"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|(?<mark>[[\]{},:])|(?<end>$))/uy;

type Expectation = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'nothing';

/** Where a text stops being JSON; null when it is JSON. The parser itself says so in its message only. */
export function findJsonFault(text: string): JsonFault | null {
  const open: ('{' | '[')[] = [];
  let expected: Expectation = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const start = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    if (token === null) return placeAt(text, start);
    if (token.groups?.['end'] !== undefined) return expected === 'nothing' ? null : placeAt(text, text.length);
    const mark = token.groups?.['mark'] ?? (token[0].endsWith('"') ? '"' : '1');
    const next = follow(expected, mark, open);
    if (next === null) return placeAt(text, start);
    expected = next;
  }
}

/** What may come after `mark`; null when it may not come now. Keeps `open` up to date. */
function follow(expected: Expectation, mark: string, open: ('{' | '[')[]): Expectation | null {
  const inside = open.at(-1);
  const isValueWelcome = expected === 'value' || expected === 'valueOrEnd';
  const after = (depth: number): Expectation => (depth === 0 ? 'nothing' : 'commaOrEnd');
  if (mark === '{' || mark === '[') {
    if (!isValueWelcome) return null;
    open.push(mark);
    return mark === '{' ? 'keyOrEnd' : 'valueOrEnd';
  }
  if (mark === '}' || mark === ']') {
    const isOurs = mark === '}' ? inside === '{' : inside === '[';
    if (!isOurs || !['commaOrEnd', 'keyOrEnd', 'valueOrEnd'].includes(expected)) return null;
    open.pop();
    return after(open.length);
  }
  if (mark === ',') return expected === 'commaOrEnd' ? (inside === '{' ? 'key' : 'value') : null;
  if (mark === ':') return expected === 'colon' ? 'value' : null;
  if (mark === '"' && (expected === 'key' || expected === 'keyOrEnd')) return 'colon';
  return isValueWelcome ? after(open.length) : null;
}

function placeAt(text: string, start: number): JsonFault {
  const spaces = /^[ \t\n\r]*/.exec(text.slice(start))?.[0].length ?? 0;
  const before = text.slice(0, start + spaces).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
