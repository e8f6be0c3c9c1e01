import { createServer, type AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { connect, serverErrorOf } from '../../../src/lib/sql/index.ts';
import { soon, startRealServer, type RealServer } from './real-server.ts';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const ownerAddress = () => ({ ...server.endpoint, user: 'owner', password: 'owner-1', database: 'shop' });

describe('a connection to a server', () => {
  it('gives rows by name, with values bound', async () => {
    await using connection = await connect(ownerAddress(), { signal: soon() });
    expect(await connection.queryRows('SELECT ? AS a, ? AS b', ["it's", 7])).toEqual([{ a: "it's", b: 7 }]);
  });

  it('keeps columns of the same name, dates as sent and every digit', async () => {
    await using connection = await connect(ownerAddress(), { signal: soon() });
    expect(
      await connection.run(
        "SELECT 1 AS a, 2 AS a, TIMESTAMP'2026-01-02 03:04:05' AS t, 9223372036854775807 AS n, 1.10 AS d",
      ),
    ).toEqual([
      {
        columns: ['a', 'a', 't', 'n', 'd'],
        rows: [[1, 2, '2026-01-02 03:04:05', '9223372036854775807', '1.10']],
        affectedRows: null,
      },
    ]);
  });

  it('gives every result of many statements, where they are allowed', async () => {
    await using connection = await connect(ownerAddress(), { signal: soon(), allowsManyStatements: true });
    const results = await connection.run(
      'CREATE TABLE m (a INT); INSERT INTO m VALUES (1), (2); SELECT a FROM m; DROP TABLE m',
    );
    expect(results.map(({ affectedRows }) => affectedRows)).toEqual([0, 2, null, 0]);
    expect(results[2]).toEqual({ columns: ['a'], rows: [[1], [2]], affectedRows: null });
  });

  it('gives the rows of one statement and its end', async () => {
    await using connection = await connect(ownerAddress(), { signal: soon() });
    await connection.run('CREATE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 2 AS b; END');
    const results = await connection.run('CALL two()');
    expect(results.map(({ columns, rows }) => ({ columns, rows }))).toEqual([
      { columns: ['a'], rows: [[1]] },
      { columns: ['b'], rows: [[2]] },
      { columns: [], rows: [] },
    ]);
  });

  it('has no rows for an empty result, but its columns', async () => {
    await using connection = await connect(ownerAddress(), { signal: soon() });
    expect(await connection.run('SELECT 1 AS a FROM DUAL WHERE FALSE')).toEqual([
      { columns: ['a'], rows: [], affectedRows: null },
    ]);
  });

  it("tells the server's numbers when it refuses a statement", async () => {
    await using connection = await connect(ownerAddress(), { signal: soon() });
    const refusal: unknown = await connection.run('SELECT * FROM nowhere').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'SQL_FAILED' });
    expect(serverErrorOf(refusal)).toEqual({ errno: 1146, sqlState: '42S02' });
  });

  it('ends a running statement with the reason of who had enough', async () => {
    const controller = new AbortController();
    const connection = await connect(ownerAddress(), { signal: controller.signal });
    const running = connection.queryRows('SELECT SLEEP(60)');
    const reason = new DozeError('TIMED_OUT', 'enough');
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  it('says so when nothing answers', async () => {
    const address = { ...ownerAddress(), port: 1 };
    await expect(connect(address, { signal: soon() })).rejects.toMatchObject({ code: 'BACKEND_LOST' });
  });

  it('gives up on what accepts but never greets', async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = { ...ownerAddress(), port: (mute.address() as AddressInfo).port };
    await expect(connect(address, { signal: soon(), connectTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'BACKEND_LOST',
    });
    mute.close();
  });
});
