import { describe, expect, it } from 'vitest';

import { catalogue, type CatalogueEntry } from '../../../src/lib/errors/index.ts';

/** The exit codes of the command line, as its help documents them. */
const EXIT_CODES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 130];
const entries: readonly (readonly [string, CatalogueEntry])[] = Object.entries(catalogue);

function codesWhere(isWrong: (entry: CatalogueEntry, code: string) => boolean): string[] {
  return entries.filter(([code, entry]) => isWrong(entry, code)).map(([code]) => code);
}

describe('every error code', () => {
  it('is named in capitals', () => {
    expect(codesWhere((_, code) => !/^[A-Z]+(_[A-Z]+)*$/.test(code))).toEqual([]);
  });

  it('ends the command line with a documented exit code', () => {
    expect(codesWhere(({ exit }) => !EXIT_CODES.includes(exit))).toEqual([]);
  });

  it('answers HTTP with an error status', () => {
    expect(codesWhere(({ http }) => http < 400 || http > 599)).toEqual([]);
  });

  it('tells MySQL clients an error number of a server, and an SQLSTATE of five characters', () => {
    const isWrong = ({ mysql }: CatalogueEntry): boolean =>
      mysql.errno < 1000 || mysql.errno > 4999 || !/^[0-9A-Z]{5}$/.test(mysql.sqlState);
    expect(codesWhere(isWrong)).toEqual([]);
  });

  it('that is a bug of ours is a server error over HTTP', () => {
    expect(codesWhere(({ kind, http }) => kind === 'bug' && http < 500)).toEqual([]);
  });

  it('that says not found says so on the command line and over HTTP alike', () => {
    expect(codesWhere(({ exit, http }) => (exit === 3) !== (http === 404))).toEqual([]);
  });

  it('that says timed out may be tried again', () => {
    expect(codesWhere(({ exit }) => exit === 7)).not.toEqual([]);
    expect(codesWhere(({ exit, retryable }) => exit === 7 && !retryable)).toEqual([]);
  });
});
