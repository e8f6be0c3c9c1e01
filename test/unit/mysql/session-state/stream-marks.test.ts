import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Mark, StreamMarks } from '../../../../src/lib/mysql/index.ts';

function marksOf(...chunks: readonly string[]): number {
  const marks = new StreamMarks();
  chunks.forEach((chunk, index) => {
    marks.scan(Buffer.from(chunk, 'latin1'), index > 0);
  });
  return marks.marks;
}

describe('the marks of what a client sends', () => {
  it.each([
    ["SELECT GET_LOCK('a', 1)", Mark.NAMED_LOCK],
    ["select get_lock ('a',1)", Mark.NAMED_LOCK],
    ["SELECT `Get_Lock`('a', 1)", Mark.NAMED_LOCK],
    ["/*!50000 SELECT GET_LOCK('a', 1) */", Mark.NAMED_LOCK],
    ['SET TRANSACTION READ ONLY', Mark.NEXT_TRANSACTION],
    ['set\ttransaction isolation level serializable', Mark.NEXT_TRANSACTION],
    ['SET /* x */ TRANSACTION READ ONLY', Mark.NEXT_TRANSACTION],
    ['SET # session\n TRANSACTION READ ONLY', Mark.NEXT_TRANSACTION],
    ['SET /*!50000TRANSACTION READ ONLY */', Mark.NEXT_TRANSACTION],
    ['SET /*!50000 TRANSACTION READ ONLY */', Mark.NEXT_TRANSACTION],
    [`SET${' '.repeat(500)}TRANSACTION READ ONLY`, Mark.NEXT_TRANSACTION],
    ['SELECT LASTVAL(s)', Mark.LAST_VALUE],
    ['SELECT s.currval', Mark.LAST_VALUE],
    ['SELECT PREVIOUS VALUE FOR s', Mark.LAST_VALUE],
    ['SELECT PREVIOUS/**/VALUE FOR s', Mark.LAST_VALUE],
    ['SELECT CONNECTION_ID()', Mark.CONNECTION_ID],
    ['SELECT @@pseudo_thread_id', Mark.CONNECTION_ID],
    ["INSERT INTO notes VALUES ('get_lock')", Mark.NAMED_LOCK],
  ])('find it in %j', (sql, mark) => {
    expect(marksOf(sql)).toBe(mark);
  });

  it.each([
    'START TRANSACTION',
    'START TRANSACTION READ ONLY',
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    'SET GLOBAL TRANSACTION READ ONLY',
    "SET transaction_isolation = 'SERIALIZABLE'",
    'SELECT * FROM transaction WHERE id = 1',
    'SELECT t.transaction, `transaction` FROM transactions t',
    'SELECT previous, value FROM t',
    'SELECT NEXTVAL(s)',
    'SELECT RELEASE_LOCK(1)',
  ])('find nothing in %j', (sql) => {
    expect(marksOf(sql)).toBe(0);
  });

  it('are the same however the bytes are cut', () => {
    const part = fc.constantFrom(
      'get_',
      'lock',
      'GET_LOCK',
      'last',
      'val',
      'SET ',
      'TRANSACTION',
      ' READ',
      'START ',
      'x',
    );
    const tail = fc.constantFrom('', ' ', '\n', ';', '/*', '(');
    fc.assert(
      fc.property(fc.array(part), tail, fc.array(fc.nat(80)), (parts, end, cuts) => {
        const text = `${parts.join('')}${end}`;
        const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length];
        const chunks = at.slice(1).map((stop, index) => text.slice(at[index], stop));
        // What a cut hides from one look the next one sees; it may only doubt more.
        expect(marksOf(...chunks) & marksOf(text)).toBe(marksOf(text));
      }),
    );
  });

  it('are not joined across packets, and can be cleared', () => {
    const marks = new StreamMarks();
    marks.scan(Buffer.from('GET_'), false);
    marks.scan(Buffer.from('LOCK'), false);
    expect(marks.has(Mark.NAMED_LOCK)).toBe(false);
    marks.scan(Buffer.from('SET TRANSACTION READ ONLY'), false);
    marks.clear(Mark.NEXT_TRANSACTION);
    marks.scan(Buffer.from('COMMIT'), false);
    expect(marks.marks).toBe(0);
  });
});
