import { describe, expect, it } from 'vitest';

import { isPlainStatement, mayChangeGlobals, mayChangeRoutines } from '../../../src/lib/mysql/index.ts';

describe('a plain statement', () => {
  it.each([
    'SELECT 1',
    '  select * from t where a = 1 ;',
    "INSERT INTO t (mail) VALUES ('a@b.c'), ('it''s; fine'), ('-- no comment')",
    'UPDATE t SET a = a + 1 WHERE `set` = "x@y"',
    'DELETE FROM t',
    '/* from the shop */ SELECT 1'.slice(20),
    'SELECT /* of the shop: it is @fine */ a FROM t',
    'BEGIN',
    'begin work',
    'START TRANSACTION READ ONLY',
    'COMMIT',
    'ROLLBACK TO SAVEPOINT a',
    'RELEASE SAVEPOINT a',
    'WITH x AS (SELECT 1) SELECT * FROM x',
    'SHOW TABLES',
  ])('is %s', (sql) => {
    expect(isPlainStatement(sql)).toBe(true);
  });

  it.each([
    'SET a = 1',
    'SELECT @a := 1',
    'SELECT 1 INTO @a',
    'SELECT @@sql_mode',
    'SELECT 1; SET @a = 1',
    "SELECT 'a\\'; SET @x = 1; -- '",
    "SELECT 'a' -- it's\n, @a := 1",
    "SELECT 'a' # it's\n, @a := 1, 'b'",
    'SELECT /*! @a := */ 1',
    'SELECT /*M! @a := */ 1',
    'SELECT "get_it" (1)',
    'SELECT `get_it`(1)',
    "SELECT 'open",
    'BEGIN NOT ATOMIC SET @a = 1; END',
    'CALL p()',
    'CREATE TEMPORARY TABLE t (a INT)',
    'USE other',
    'LOCK TABLES t READ',
    'SELECTION',
    'SELECT 1 AS gr\xfcn',
  ])('is not %s', (sql) => {
    expect(isPlainStatement(sql)).toBe(false);
  });
});

describe('a statement after which more has to be asked', () => {
  it('is one that may make a routine', () => {
    for (const sql of [
      'CREATE FUNCTION f() RETURNS INT RETURN 1',
      'drop trigger t',
      'CREATE OR REPLACE VIEW v AS SELECT 1',
    ])
      expect(mayChangeRoutines(sql)).toBe(true);
    expect(mayChangeRoutines('SET @a = 1')).toBe(false);
  });

  it('is one that may set what new sessions begin with', () => {
    expect(mayChangeGlobals("SET GLOBAL init_connect = ''")).toBe(true);
    expect(mayChangeGlobals('SELECT @@global.sql_mode')).toBe(true);
    expect(mayChangeGlobals('SET sql_mode = 1')).toBe(false);
  });
});
