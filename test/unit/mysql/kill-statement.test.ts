import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseKill, replaceKillId } from '../../../src/lib/mysql/index.ts';

const translate = (sql: string): string | null => {
  const statement = Buffer.from(sql);
  const kill = parseKill(statement);
  return kill === null ? null : replaceKillId(statement, kill, 42).toString();
};

describe('a KILL statement', () => {
  it.each([
    ['KILL 1073741824', 'KILL 42'],
    ['kill query 1073741824', 'kill query 42'],
    ['KILL CONNECTION 7;', 'KILL CONNECTION 42;'],
    ['KILL HARD QUERY 7', 'KILL HARD QUERY 42'],
    ['KILL SOFT 7', 'KILL SOFT 42'],
    ['  \n\t KILL\n7 ', '  \n\t KILL\n42 '],
    ['/* why */ KILL /* whom */ QUERY 7 -- now', '/* why */ KILL /* whom */ QUERY 42 -- now'],
    ['# first\nKILL 7', '# first\nKILL 42'],
    ['-- first\nKILL 7', '-- first\nKILL 42'],
  ])('is found in %j', (sql, expected) => {
    expect(translate(sql)).toBe(expected);
  });

  it.each([
    'KILL QUERY ID 7',
    'KILL USER app',
    'KILL @id',
    'KILL',
    'KILL 7 8',
    'KILL7',
    'KILL -7',
    'KILL 12345678901',
    'KILLER 7',
    'SELECT 1; KILL 7',
    '/*! KILL 7 */',
    '/* KILL 7',
    '--KILL 7',
    'KILL "7"',
    '',
    ' ',
  ])('is not seen in %j', (sql) => {
    expect(translate(sql)).toBeNull();
  });

  it('is looked for in bounded time', () => {
    for (const hostile of ['/**/'.repeat(256), ' '.repeat(1024), '#\n'.repeat(512), 'KILL ' + '/**/'.repeat(254)])
      expect(translate(hostile)).toBeNull();
  });

  it('never breaks on arbitrary text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('KILLkill 0179/*-#!;\nQUERYsoft')) }), (sql) => {
        const kill = parseKill(Buffer.from(sql));
        if (kill !== null)
          expect(sql.slice(kill.start, kill.end)).toBe(String(kill.id).padStart(kill.end - kill.start, '0'));
      }),
      { numRuns: 2_000 },
    );
  });
});
