import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { serverErrorOf } from '../../../src/lib/sql/index.ts';
import { soon, startRealServer, type RealServer } from './real-server.ts';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describe("a compute's owner", () => {
  it('makes databases, tables, views, triggers, events, functions and procedures', async () => {
    await using owner = await server.asOwner();
    for (const sql of [
      'CREATE DATABASE lab',
      'CREATE TABLE lab.t (a INT PRIMARY KEY, b INT)',
      'CREATE VIEW lab.v AS SELECT a FROM lab.t',
      'CREATE TRIGGER lab.tr BEFORE INSERT ON lab.t FOR EACH ROW SET NEW.b = 2',
      'CREATE EVENT lab.e ON SCHEDULE EVERY 1 DAY DO DELETE FROM lab.t',
      'CREATE FUNCTION lab.f() RETURNS INT RETURN 42',
      'CREATE PROCEDURE lab.p() SELECT 1',
      'INSERT INTO lab.t (a) VALUES (1)',
      'ALTER TABLE lab.t ADD COLUMN c INT',
      'LOCK TABLES lab.t WRITE',
      'UNLOCK TABLES',
      'FLUSH TABLES',
      'CALL lab.p()',
      'SHOW CREATE FUNCTION lab.f',
    ]) {
      await owner.run(sql);
    }
    expect(await owner.queryRows('SELECT b, lab.f() AS f FROM lab.t')).toEqual([{ b: 2, f: 42 }]);
    await owner.run('DROP DATABASE lab');
  });

  it('makes users who can log in, and gives them what it has', async () => {
    await using owner = await server.asOwner();
    await owner.run("CREATE USER app@'%' IDENTIFIED BY 'pw'");
    await owner.run("GRANT SELECT, INSERT ON shop.* TO app@'%'");
    await using app = await server.as('app', 'pw');
    expect(await app.queryRows('SHOW GRANTS')).toHaveLength(2);
  });

  it("sees and kills other users' queries", async () => {
    await using root = await server.asRoot();
    await using owner = await server.asOwner();
    const sleeping = root.queryRows('SELECT SLEEP(30) FROM mysql.global_priv').catch((error: unknown) => error);
    const isSeen = async (): Promise<boolean> =>
      (await owner.queryRows('SHOW PROCESSLIST')).some((row) => row['Id'] === root.id && row['Command'] === 'Query');
    while (!(await isSeen())) soon().throwIfAborted();
    await owner.run(`KILL QUERY ${root.id}`);
    expect(serverErrorOf(await sleeping)?.errno).toBe(1317);
  });

  it.each([
    ['SHUTDOWN', 'SHUTDOWN', 1227],
    ['FILE', "SELECT 1 INTO OUTFILE '/tmp/doze-owner-must-not'", 1227],
    ['SUPER', 'SET GLOBAL general_log = ON', 1227],
    ['what it does not have to grant', "GRANT SUPER ON *.* TO owner@'%'", 1045],
  ])('may not do what needs %s', async (_, sql, errno) => {
    await using owner = await server.asOwner();
    await expect(owner.run(sql)).rejects.toMatchObject({ code: 'SQL_FAILED', details: { errno } });
  });
});

describe("a compute's root", () => {
  it('may do everything', async () => {
    await using root = await server.asRoot();
    await root.run('SET GLOBAL general_log = OFF');
    const [grants] = await root.run('SHOW GRANTS');
    expect(String(grants?.rows[0])).toMatch(/^GRANT ALL PRIVILEGES ON \*\.\* TO `root`@`%` .* WITH GRANT OPTION$/);
  });
});

describe('the private account', () => {
  it('reads accounts and nothing of people', async () => {
    await using agent = await server.as(server.agent.user, server.agent.password);
    await using owner = await server.asOwner();
    await owner.run('CREATE TABLE shop.secret (a INT)');
    await expect(agent.run('SELECT * FROM shop.secret')).rejects.toMatchObject({ code: 'SQL_FAILED' });
    await expect(agent.run("UPDATE mysql.global_priv SET User = 'x'")).rejects.toMatchObject({ code: 'SQL_FAILED' });
  });

  it('still gets in when an application took every connection', async () => {
    await using root = await server.asRoot();
    await root.run("CREATE USER greedy@'%' IDENTIFIED BY 'pw'");
    await root.run('SET GLOBAL max_connections = 10');
    const taken = [];
    try {
      for (;;) taken.push(await server.as('greedy', 'pw'));
    } catch (error) {
      expect(error).toMatchObject({ code: 'SQL_FAILED', details: { errno: 1040 } });
    }
    const { serverVersion } = await server.engine.awaitReady(server.agent, soon());
    expect(serverVersion).toContain('MariaDB');
    for (const connection of taken) await connection.close();
  });

  it('is put right by another run of the init SQL, and nothing else is undone', async () => {
    await using root = await server.asRoot();
    await root.run("DROP USER doze_agent@'%'");
    await root.run("SET PASSWORD FOR owner@'%' = PASSWORD('changed')");
    await expect(server.engine.awaitReady(server.agent, soon())).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    for (const statement of server.spec.initSql.trimEnd().split('\n')) await root.run(statement);
    await server.engine.awaitReady(server.agent, soon());
    await using owner = await server.as('owner', 'changed');
    expect(owner.id).toBeGreaterThan(0);
  });
});
