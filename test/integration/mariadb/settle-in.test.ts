import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { SqlConnection } from '../../../src/lib/sql/index.ts';
import { soon, startRealServer, type RealServer } from './real-server.ts';

const MIB = 1024 ** 2;

describe('a server that settles in after its start', () => {
  let server: RealServer;
  let root: SqlConnection;

  beforeAll(async () => {
    server = await startRealServer();
    root = await server.asRoot();
  });
  afterAll(async () => {
    await root.close();
    await server[Symbol.asyncDispose]();
  });

  it('has a small pool, for a quick start', async () => {
    expect(await poolMib(root)).toBe(64);
  });

  it('takes the pool of its size, beside a client and its open transaction', async () => {
    await using owner = await server.asOwner();
    await owner.run('CREATE TABLE shop.goods (id INT PRIMARY KEY)');
    await owner.run('BEGIN');
    await owner.run('INSERT INTO shop.goods VALUES (1)');
    await server.engine.settleIn(server.agent, 0.25, soon());
    expect(await poolMib(root)).toBe(server.engine.bufferPoolBytes(0.25) / MIB);
    await owner.run('COMMIT');
    expect(await root.queryRows('SELECT id FROM shop.goods')).toEqual([{ id: 1 }]);
  });

  it('is left as it is when it is asked again, and grows further when its size does', async () => {
    await server.engine.settleIn(server.agent, 0.25, soon());
    expect(await poolMib(root)).toBe(512);
    await server.engine.resize(server.agent, 1, soon());
    expect(await poolMib(root)).toBe(2048);
  });
});

async function poolMib(root: SqlConnection): Promise<number> {
  const [row] = await root.queryRows('SELECT @@GLOBAL.innodb_buffer_pool_size AS bytes');
  return Number(row?.['bytes']) / MIB;
}
