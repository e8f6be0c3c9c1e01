/** What a session may have done, or asked for, that no counter of the server shows. */
export const Mark = {
  /** GET_LOCK: pins. Nothing tells whether the lock is still held. */
  NAMED_LOCK: 0x1,
  /** SET TRANSACTION for the next transaction only: pins, until a transaction has ended after it. */
  NEXT_TRANSACTION: 0x2,
  /** LASTVAL, PREVIOUS VALUE FOR: pins, and cannot be answered by a session that was restored before. */
  LAST_VALUE: 0x4,
  /** CONNECTION_ID(): the session knows its id, and may ask again. */
  CONNECTION_ID: 0x8,
} as const;

const WORDS: readonly (readonly [word: string, mark: number])[] = [
  ['GET_LOCK', Mark.NAMED_LOCK],
  ['TRANSACTION', Mark.NEXT_TRANSACTION],
  ['LASTVAL', Mark.LAST_VALUE],
  ['CURRVAL', Mark.LAST_VALUE],
  ['PREVIOUS', Mark.LAST_VALUE],
  ['CONNECTION_ID', Mark.CONNECTION_ID],
  ['PSEUDO_THREAD_ID', Mark.CONNECTION_ID],
];

/** How much of each word the search looks at: the shortest one's length. */
const WINDOW = 7;
/** What stands around a word and decides about it. */
const CONTEXT = 96;
const LONGEST_WORD = 16;
const NOTHING = Buffer.alloc(0);

/**
 * By the last two bytes of a window, how far it may move on without passing over a word (Wu and Manber's search, with
 * both cases of each letter). 0: the window may be the beginning of a word.
 */
const shifts = new Uint8Array(0x1_0000).fill(WINDOW - 1);
for (const [word] of WORDS) {
  for (let end = 1; end < WINDOW; end++) {
    for (const first of bothCases(word, end - 1)) {
      for (const second of bothCases(word, end)) {
        const pair = (first << 8) | second;
        shifts[pair] = Math.min(shifts[pair]!, WINDOW - 1 - end);
      }
    }
  }
}

function bothCases(word: string, at: number): readonly number[] {
  const code = word.charCodeAt(at);
  return word[at] === '_' ? [code] : [code, code | 0x20];
}

/**
 * Looks for a few words in everything that a client sends, without reading it as SQL: a word inside data or a comment
 * counts too, as a doubt pins. It cannot be hidden from it: names of functions are no other way to be written, and a
 * statement made from text (PREPARE, EXECUTE IMMEDIATE) pins by itself.
 */
export class StreamMarks {
  marks = 0;
  private tail = NOTHING;
  private tailLength = 0;

  has(mark: number): boolean {
    return (this.marks & mark) !== 0;
  }

  clear(mark: number): void {
    this.marks &= ~mark;
  }

  /** `isContinuation`: its first byte belongs to a packet that an earlier chunk began. */
  scan(chunk: Buffer, isContinuation: boolean): void {
    const bytes = isContinuation ? Buffer.concat([this.tail.subarray(0, this.tailLength), chunk]) : chunk;
    this.search(bytes);
    // Not a part of Node's pool, which it would keep.
    if (this.tail.length === 0) this.tail = Buffer.allocUnsafeSlow(CONTEXT);
    this.tailLength = bytes.copy(this.tail, 0, Math.max(0, bytes.length - CONTEXT));
  }

  private search(bytes: Buffer): void {
    const { length } = bytes;
    let end = WINDOW - 1;
    while (end < length) {
      const shift = shifts[(bytes[end - 1]! << 8) | bytes[end]!]!;
      if (shift === 0) {
        this.look(bytes, end - WINDOW + 1);
        end += 1;
      } else {
        end += shift;
      }
    }
  }

  private look(bytes: Buffer, at: number): void {
    const text = bytes.toString('latin1', at, at + LONGEST_WORD).toUpperCase();
    const found = WORDS.find(([word]) => text.startsWith(word));
    if (found === undefined) return;
    const [word, mark] = found;
    const before = bytes.toString('latin1', Math.max(0, at - CONTEXT), at);
    const after = bytes.toString('latin1', at + word.length, at + word.length + CONTEXT / 2);
    if (word === 'TRANSACTION' && !mayBeForNext(before, after)) return;
    if (word === 'PREVIOUS' && !mayBeginValue(after)) return;
    this.marks |= mark;
  }
}

const COMMENT = String.raw`(?:/\*|\*/|#|--)`;
const BEGINS_VALUE = new RegExp(String.raw`^\s*(?:VALUE|${COMMENT})|^\s{32}`, 'i');

function mayBeginValue(after: string): boolean {
  return BEGINS_VALUE.test(after);
}

/** Words after which TRANSACTION is another statement's, or a name. */
const OTHER = /(?:^|[^\w$])(?:START|SESSION|GLOBAL|LOCAL|FROM|INTO|JOIN|UPDATE|TABLE)\s+$/i;
const PLAIN_WORD = /[A-Z_$]\w*[ \t]+$/i;
const LINE_COMMENT = /(?:#|--)[^\n]*\n\s*$/;
const SET_BEFORE = /SET\s+$/i;

function mayBeForNext(before: string, after: string): boolean {
  // A part of a longer name, such as transaction_isolation, or a quoted or qualified one.
  if (/^[\w$]/.test(after) || /[`"'.,(=]$/.test(before)) return false;
  if (SET_BEFORE.test(before)) return true;
  // The word before it may be a comment's.
  if (LINE_COMMENT.test(before)) return true;
  // After anything but a word on the same line there may be a comment too, and SET before it.
  return !OTHER.test(before) && !PLAIN_WORD.test(before);
}
