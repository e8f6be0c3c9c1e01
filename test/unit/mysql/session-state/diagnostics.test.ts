import { describe, expect, it } from 'vitest';

import { asksDiagnostics } from '../../../../src/lib/mysql/index.ts';

describe('what asks for the last statement’s diagnostics', () => {
  it.each([
    'SHOW WARNINGS',
    'show /* all */ errors limit 3',
    'SHOW COUNT(*) WARNINGS',
    'SELECT @@session.warning_count',
    'SELECT row_count()',
    'SELECT FOUND_ROWS ()',
    'GET DIAGNOSTICS @n = NUMBER',
    'SELECT PREVIOUS VALUE FOR s',
    'SELECT LASTVAL(s)',
  ])('is %j', (sql) => {
    expect(asksDiagnostics(sql)).toBe(true);
  });

  it.each(['SELECT 1', 'SELECT * FROM errors', 'SELECT SQL_CALC_FOUND_ROWS * FROM t', 'SELECT LAST_INSERT_ID()'])(
    'is not %j',
    (sql) => {
      expect(asksDiagnostics(sql)).toBe(false);
    },
  );
});
