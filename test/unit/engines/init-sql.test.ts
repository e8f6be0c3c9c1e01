import { describe, expect, it } from 'vitest';

import type { Credentials } from '../../../src/lib/engines/index.ts';
import { initSql, initSqlOfSpare } from '../../../src/lib/engines/mariadb/init-sql.ts';

const credentials: Credentials = {
  database: 'shop',
  user: 'owner',
  userPassword: 'secret-of-owner',
  rootPassword: 'secret-of-root',
  agentPassword: 'secret-of-agent',
};

const statements = (sql: string): readonly string[] => sql.trimEnd().split('\n');

describe('the SQL that makes accounts and database', () => {
  it('holds no password in clear', () => {
    expect(initSql(credentials)).not.toContain('secret');
  });

  it('has one whole statement on each line, as an init file wants it', () => {
    expect(statements(initSql(credentials)).filter((line) => !/^[A-Z].*;$/.test(line))).toEqual([]);
  });

  it('never changes the password of an account that people have', () => {
    const altered = statements(initSql(credentials)).filter((line) => line.startsWith('ALTER USER'));
    expect(altered).toHaveLength(1);
    expect(altered[0]).toContain('`doze_agent`@`%`');
  });

  it.each(['SUPER', 'FILE', 'SHUTDOWN', 'ALL PRIVILEGES'])('does not give the owner %s', (privilege) => {
    const grant = statements(initSql(credentials)).find((line) => line.includes('TO `owner`@`%`'));
    expect(grant).toMatch(/^GRANT .* WITH GRANT OPTION;$/);
    expect(grant).not.toMatch(new RegExp(`\\b${privilege}\\b`));
  });

  it('quotes names', () => {
    const sql = initSql({ ...credentials, database: 'a`b; DROP DATABASE mysql', user: "o'wner`" });
    expect(sql).toContain('CREATE DATABASE IF NOT EXISTS `a``b; DROP DATABASE mysql`');
    expect(sql).toContain("`o'wner```@`%`");
  });

  it('of a spare makes no owner and no database, and the rest adds what is missing', () => {
    const ofSpare = statements(initSqlOfSpare(credentials));
    expect(ofSpare.filter((line) => /DATABASE|`owner`/.test(line))).toEqual([]);
    expect(ofSpare.filter((line) => line.includes('TO `root`@`%`'))).toHaveLength(1);
    expect(statements(initSql(credentials))).toEqual(expect.arrayContaining([...ofSpare]));
  });

  it.each(['root', 'doze_agent', '', 'two\nlines'])('refuses the owner %j', (user) => {
    expect(() => initSql({ ...credentials, user })).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }));
  });
});
