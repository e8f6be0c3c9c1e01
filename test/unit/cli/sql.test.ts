import { describe, expect, it } from 'vitest';

import { clientTls } from '../../../src/lib/cli/sql/client-tls.ts';
import { clientArguments, tlsArguments } from '../../../src/lib/cli/sql/installed-client.ts';
import { resultJson, resultText } from '../../../src/lib/cli/sql/result-text.ts';
import { splitStatements } from '../../../src/lib/cli/sql/statements.ts';

describe('statements', () => {
  it.each([
    ['SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2'], ''],
    ['SELECT 1', [], 'SELECT 1'],
    ["SELECT ';'; SELECT", ["SELECT ';'"], ' SELECT'],
    ["SELECT 'it''s;'; ", ["SELECT 'it''s;'"], ' '],
    ["SELECT 'a\\';b'; ", ["SELECT 'a\\';b'"], ' '],
    ['SELECT `a;b`;', ['SELECT `a;b`'], ''],
    ['-- a; comment\nSELECT 1;', ['-- a; comment\nSELECT 1'], ''],
    ['/* ; */ SELECT 1;', ['/* ; */ SELECT 1'], ''],
    ['# ;\nSELECT 1;', ['# ;\nSELECT 1'], ''],
    [';;;', [], ''],
    ["SELECT 'open;", [], "SELECT 'open;"],
  ])('of %j are %j and leave %j', (text, statements, rest) => {
    expect(splitStatements(text)).toEqual({ statements, rest });
  });
});

describe('a result', () => {
  const rows = {
    columns: ['id', 'name', 'data'],
    rows: [
      [1, 'a', null],
      [20, 'b', Buffer.from([0, 255])],
    ],
    affectedRows: null,
  };

  it('is a table for people, numbers to the right', () => {
    expect(resultText(rows, null)).toBe('id  name  data\n 1  a     NULL\n20  b     0x00FF');
  });

  it('is objects for scripts', () => {
    expect(resultJson(rows)).toEqual([
      { id: 1, name: 'a', data: null },
      { id: 20, name: 'b', data: '0x00FF' },
    ]);
  });

  it('without rows says how many it changed', () => {
    const changed = { columns: [], rows: [], affectedRows: 3 };
    expect(resultText(changed, null)).toBe('ok, 3 rows changed');
    expect(resultJson(changed)).toEqual({ affectedRows: 3 });
  });
});

describe('an installed client', () => {
  it('never gets the password among its arguments', () => {
    const tls = { mode: 'preferred', authority: null } as const;
    const connection = { url: '', host: 'h', port: 1, user: 'u', password: 'hunter2', database: 'd', tls };
    expect(clientArguments(connection).join(' ')).toBe('--protocol=tcp --host=h --port=1 --user=u --database=d');
  });

  it('speaks TLS to another machine, and here where it is demanded, each in its own words', () => {
    const connection = { url: '', host: 'h', port: 1, user: 'u', password: 'x', database: 'd' };
    const plan = (mode: 'off' | 'preferred' | 'required', isRemote: boolean) =>
      clientTls({ ...connection, tls: { mode, authority: 'PEM' } }, isRemote);
    expect([plan('off', false), plan('preferred', false), plan('off', true)]).toEqual([null, null, null]);
    expect([plan('required', false), plan('preferred', true)]).toEqual([{ authority: 'PEM' }, { authority: 'PEM' }]);
    expect(tlsArguments(true, '/a')).toEqual(['--ssl', '--ssl-verify-server-cert', '--ssl-ca=/a']);
    expect(tlsArguments(false, '/a')).toEqual(['--ssl-mode=VERIFY_CA', '--ssl-ca=/a']);
    expect(tlsArguments(false, null)).toEqual(['--ssl-mode=VERIFY_IDENTITY']);
  });
});
