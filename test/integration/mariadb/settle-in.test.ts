import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { SqlConnection } from '../../../src/lib/sql/index.ts';
import { soon, startRealServer, type RealServer } from './real-server.ts';

const MIB = 1024 ** 2;

describe('a server that settles in after its start', () => {
  let server: RealServer;
  let root: SqlConnection;

  beforeAll(async () => {
    server = await startRealServer();
    await using owner = await server.asOwner();
    await server.engine.settleIn(server.agent, 0.25, soon());
    await owner.run('CREATE TABLE shop.goods (id INT PRIMARY KEY, note CHAR(200))');
    await owner.run("INSERT INTO shop.goods SELECT seq, 'x' FROM shop.seq_1_to_20000");
    // A clean shutdown writes down what is in the pool.
    await server.engine.endWarming(server.agent, soon());
    await restart(server);
    root = await server.asRoot();
  });
  afterAll(async () => {
    await root.close();
    await server[Symbol.asyncDispose]();
  });

  it('has a small pool and nothing in it yet, for a quick start', async () => {
    expect(await poolMib(root)).toBe(64);
    expect(await loadStatus(root)).toBe('');
  });

  it('leaves the list of what the last one had in it as it is, if it ends before that', async () => {
    const list = join(server.home, 'computes', server.spec.computeId, 'data', 'ib_buffer_pool');
    const before = await readFile(list, 'utf8');
    await root.close();
    await restart(server);
    root = await server.asRoot();
    expect(before.split('\n').length).toBeGreaterThan(20);
    expect(await readFile(list, 'utf8')).toBe(before);
  });

  it('takes the pool of its size, and leaves it to somebody else to fill it', async () => {
    await server.engine.settleIn(server.agent, 0.25, soon());
    expect(await poolMib(root)).toBe(server.engine.bufferPoolBytes(0.25) / MIB);
    expect(await loadStatus(root)).toBe('');
  });
});

async function restart({ driver, spec, engine, agent }: RealServer): Promise<void> {
  const context = { signal: soon(), onProgress: () => undefined };
  await driver.suspend(spec.computeId, 'parked', context);
  const { port } = await driver.start(spec, context);
  expect(port).toBe(agent.port);
  await engine.awaitReady(agent, soon());
}

async function poolMib(root: SqlConnection): Promise<number> {
  const [row] = await root.queryRows('SELECT @@GLOBAL.innodb_buffer_pool_size AS bytes');
  return Number(row?.['bytes']) / MIB;
}

async function loadStatus(root: SqlConnection): Promise<string> {
  const [row] = await root.queryRows("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_load_status'");
  return String(row?.['Value']);
}
