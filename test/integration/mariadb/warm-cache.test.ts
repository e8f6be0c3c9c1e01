import { afterEach, describe, expect, it, vi } from 'vitest';

import type { CacheState } from '../../../src/lib/engines/index.ts';
import { soon, startRealServer, type RealServer } from './real-server.ts';

/** 64 MB: they fit the cache of the smallest size. */
const ROWS = 64_000;
const CU = 0.25;
/** Of the pages of these rows alone, without what any server has after its start. */
const SET_BYTES = 60 * 1024 ** 2;

let opened: RealServer | null = null;
afterEach(async () => opened?.[Symbol.asyncDispose]());

/** A server that holds the rows, and would leave a list of them. */
async function warmServer(): Promise<RealServer> {
  opened = await startRealServer();
  await opened.engine.settleIn(opened.agent, CU, soon());
  await using root = await opened.asRoot();
  await root.run('USE shop');
  await root.run('CREATE TABLE shop.bulk (id INT PRIMARY KEY, noise VARBINARY(1000) NOT NULL)');
  await root.run(`INSERT INTO shop.bulk SELECT seq, REPEAT('x', 1000) FROM seq_1_to_${String(ROWS)}`);
  await warmUp(opened);
  return opened;
}

async function restart({ driver, spec, engine, agent }: RealServer): Promise<void> {
  const context = { signal: soon(), onProgress: () => undefined };
  expect(await driver.suspend(spec.computeId, 'parked', context)).toMatchObject({ isClean: true });
  await driver.start(spec, context);
  await engine.awaitReady(agent, soon());
  // There is room for it only once the pool has its size.
  await engine.settleIn(agent, CU, soon());
}

const cacheOf = ({ engine, agent }: RealServer) => engine.readCache(agent, soon());

async function awaitState(server: RealServer, state: CacheState): Promise<void> {
  await vi.waitUntil(async () => (await cacheOf(server)).state === state, { timeout: 60_000, interval: 20 });
}

/** What the control plane does. */
async function warmUp(server: RealServer): Promise<void> {
  const { engine, agent } = server;
  await engine.beginWarming(agent, soon());
  await awaitState(server, 'warmed');
  await engine.endWarming(agent, soon());
}

async function settings(server: RealServer): Promise<unknown> {
  await using root = await server.asRoot();
  const [row] = await root.queryRows(
    'SELECT @@innodb_read_io_threads AS readThreads, @@innodb_buffer_pool_dump_at_shutdown AS isKept',
  );
  return row;
}

describe('the cache of a server', () => {
  it('comes back without a query for it, and a little at a time until it has', async () => {
    const server = await warmServer();
    await restart(server);
    const cold = await cacheOf(server);
    expect(cold).toMatchObject({ state: 'cold' });
    expect(cold.dataBytes).toBeLessThan(SET_BYTES / 2);
    await server.engine.beginWarming(server.agent, soon());
    expect(await settings(server)).toEqual({ readThreads: 1, isKept: 0 });
    await awaitState(server, 'warmed');
    expect((await cacheOf(server)).dataBytes).toBeGreaterThan(SET_BYTES);
    await server.engine.endWarming(server.agent, soon());
    expect(await settings(server)).toEqual({ readThreads: 16, isKept: 1 });
    expect(await cacheOf(server)).toMatchObject({ state: 'kept' });
  });

  it('comes back as well when it was called off and begun again', async () => {
    const server = await warmServer();
    await restart(server);
    await server.engine.beginWarming(server.agent, soon());
    await server.engine.pauseWarming(server.agent, soon());
    await vi.waitUntil(async () => (await cacheOf(server)).state !== 'warming');
    await warmUp(server);
    expect((await cacheOf(server)).dataBytes).toBeGreaterThan(SET_BYTES);
  });

  it.each(['not asked for', 'on its way', 'back and not on record'])(
    'is not forgotten by a server that ends while it is %s',
    async (moment) => {
      const server = await warmServer();
      await restart(server);
      if (moment !== 'not asked for') await server.engine.beginWarming(server.agent, soon());
      if (moment === 'back and not on record') await awaitState(server, 'warmed');
      await restart(server);
      expect((await cacheOf(server)).dataBytes).toBeLessThan(SET_BYTES / 2);
      await warmUp(server);
      expect((await cacheOf(server)).dataBytes).toBeGreaterThan(SET_BYTES);
    },
  );

  it('is that of the server before, whatever was cached before that one', async () => {
    const server = await warmServer();
    await restart(server);
    await server.engine.endWarming(server.agent, soon());
    await restart(server);
    await warmUp(server);
    expect((await cacheOf(server)).dataBytes).toBeLessThan(SET_BYTES / 2);
  });
});
