import {
  Command,
  isPlainStatement,
  mayChangeGlobals,
  mayChangeRoutines,
  type StatementBook,
} from '../../mysql/index.ts';

export interface Judgement {
  /** Whether all of it is seen, and plain, see `isPlainStatement`. */
  readonly isPlain: boolean;
  /** Whether it may make, change or drop what runs by itself: routines, triggers, views. */
  readonly changesRoutines: boolean;
  /** Whether it may set what new sessions begin with. */
  readonly changesGlobals: boolean;
}

const HEADER_LENGTH = 4;
const FLAGS_AT = 5;
const PLAIN: Judgement = { isPlain: true, changesRoutines: false, changesGlobals: false };
export const UNSEEN: Judgement = { isPlain: false, changesRoutines: true, changesGlobals: true };

/** Of what a client sends, from the beginning of a packet on. What is cut, as only a long command is, is not seen. */
export function judgeCommands(chunk: Buffer, book: StatementBook): Judgement {
  let all = PLAIN;
  for (let at = 0; at < chunk.length;) {
    const end = chunk.length - at < HEADER_LENGTH ? Infinity : at + HEADER_LENGTH + chunk.readUIntLE(at, 3);
    // Long ones are data for the most part; what they begin with tells what they are.
    const one =
      end > chunk.length
        ? judgeCut(chunk.subarray(at + HEADER_LENGTH))
        : judgeCommand(chunk.subarray(at + HEADER_LENGTH, end), book);
    all = {
      isPlain: all.isPlain && one.isPlain,
      changesRoutines: all.changesRoutines || one.changesRoutines,
      changesGlobals: all.changesGlobals || one.changesGlobals,
    };
    at = end;
  }
  return all;
}

const LONG_DATA = /^\s*(?:INSERT|REPLACE|UPDATE|SELECT|DELETE)\b/i;

function judgeCut(beginning: Buffer): Judgement {
  if (beginning[0] !== Command.QUERY) return { ...UNSEEN, changesRoutines: false, changesGlobals: false };
  return LONG_DATA.test(beginning.toString('latin1', 1, 64)) ? { ...PLAIN, isPlain: false } : UNSEEN;
}

function judgeCommand(payload: Buffer, book: StatementBook): Judgement {
  switch (payload[0]) {
    case Command.QUERY:
      return judgeStatement(payload.toString('latin1', 1));
    case Command.STMT_EXECUTE:
      return judgePrepared(payload, book, payload[FLAGS_AT] === 0);
    case Command.STMT_BULK_EXECUTE:
      return judgePrepared(payload, book, true);
    case Command.PING:
    case Command.STATISTICS:
    case Command.STMT_PREPARE:
    case Command.STMT_SEND_LONG_DATA:
    case Command.STMT_CLOSE:
    case Command.STMT_RESET:
      return PLAIN;
    default:
      return { ...PLAIN, isPlain: false };
  }
}

function judgePrepared(payload: Buffer, book: StatementBook, isWhole: boolean): Judgement {
  const sql = payload.length < FLAGS_AT ? null : book.sqlOf(payload.readUInt32LE(1));
  if (sql === null) return UNSEEN;
  let known = judgedTexts.get(sql);
  if (known === undefined) judgedTexts.set(sql, (known = judgeStatement(sql.toString('latin1'))));
  return isWhole ? known : { ...known, isPlain: false };
}

/** By the text that the session keeps, so that an execute costs a look into this. */
const judgedTexts = new WeakMap<Buffer, Judgement>();

function judgeStatement(sql: string): Judgement {
  if (isPlainStatement(sql)) return PLAIN;
  return { isPlain: false, changesRoutines: mayChangeRoutines(sql), changesGlobals: mayChangeGlobals(sql) };
}
