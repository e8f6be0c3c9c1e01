import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createStartLog, type StartLog } from '../../../src/lib/control/start-log.ts';
import { START_PHASES, type Listening, type Ready } from '../../../src/lib/engines/index.ts';
import type { SqlConnection } from '../../../src/lib/sql/index.ts';
import { soon, startRealServer, type RealServer } from './real-server.ts';

describe('waiting for a server that starts', () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startRealServer();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  it('is told by its log when to try, and where its time went', async () => {
    const { log, ready, tookMs, answeredMs } = await startAgain(server);
    expect(ready.serverVersion).toMatch(/MariaDB/);
    expect(log.listening.stage).toBe('begun');
    const phasesMs = log.phasesMs(answeredMs) ?? {};
    expect(Object.keys(phasesMs)).toEqual(START_PHASES);
    const lengths = Object.values(phasesMs);
    expect(lengths.every((ms) => ms >= 0)).toBe(true);
    expect(lengths.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(tookMs);
    expect(ready.phasesMs).toMatchObject({ listen: expect.any(Number), login: expect.any(Number) });
  });

  it('asks in vain until it is answered, where the log cannot be read', async () => {
    const { log, ready, answeredMs } = await startAgain(server, { isLogLost: true });
    expect(ready.serverVersion).toMatch(/MariaDB/);
    expect(log.listening.stage).toBe('silent');
    expect(log.phasesMs(answeredMs)).toBeNull();
  });

  it('does not wait for ever for a word that never comes', async () => {
    const stuck: Listening = { stage: 'starting', begun: new Promise(() => undefined) };
    const { ready } = await startAgain(server, { listening: stuck });
    expect(ready.serverVersion).toMatch(/MariaDB/);
  });

  it('ends with its deadline, whatever it waits for', async () => {
    await park(server);
    const stuck: Listening = { stage: 'starting', begun: new Promise(() => undefined) };
    const waiting = server.engine.awaitReady(server.agent, AbortSignal.timeout(100), stuck);
    await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('the first question to a server', () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startRealServer();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  it('is answered, and leaves no connection and no complaint behind', async () => {
    await using root = await server.asRoot();
    const before = await statusOf(root, 'Aborted_%');
    const { serverVersion } = await server.engine.awaitReady(server.agent, soon());
    const [row] = await root.queryRows('SELECT VERSION() AS version');
    expect(serverVersion).toBe(row?.['version']);
    await expect.poll(async () => statusOf(root, 'Threads_connected')).toEqual({ Threads_connected: '1' });
    expect(await statusOf(root, 'Aborted_%')).toEqual(before);
  });

  it('comes from an account that logs in by another method first, too', async () => {
    await using root = await server.asRoot();
    await root.run("CREATE USER late@'%' IDENTIFIED VIA unix_socket OR mysql_native_password USING PASSWORD('late-1')");
    const target = { ...server.agent, user: 'late', password: 'late-1' };
    await expect(server.engine.awaitReady(target, soon())).resolves.toMatchObject({
      serverVersion: expect.stringContaining('MariaDB') as string,
    });
  });

  it('is not asked again where the account is refused', async () => {
    const target = { ...server.agent, password: 'wrong' };
    await expect(server.engine.awaitReady(target, soon())).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('waits for a place on a server that is full', async () => {
    await using root = await server.asRoot();
    await root.run('SET GLOBAL max_connections = 10');
    const guests: SqlConnection[] = [];
    for (let i = 0; i < 9; i++) guests.push(await server.asOwner());
    const extra = await server.asOwner().catch(() => null);
    if (extra !== null) guests.push(extra);
    const answer = server.engine.awaitReady(server.agent, soon());
    await guests.pop()?.close();
    await guests.pop()?.close();
    await expect(answer).resolves.toMatchObject({ serverVersion: expect.any(String) as string });
    for (const guest of guests) await guest.close();
  });
});

async function statusOf(root: SqlConnection, pattern: string): Promise<Record<string, string>> {
  const rows = await root.queryRows('SHOW GLOBAL STATUS LIKE ?', [pattern]);
  return Object.fromEntries(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
}

interface Started {
  readonly log: StartLog;
  readonly ready: Ready;
  readonly tookMs: number;
  readonly answeredMs: number;
}

async function startAgain(
  server: RealServer,
  { isLogLost = false, listening }: { isLogLost?: boolean; listening?: Listening } = {},
): Promise<Started> {
  const { engine, driver, spec, agent } = server;
  const clock = createSystemClock();
  await park(server);
  const logFile = join(server.home, 'computes', spec.computeId, 'log', 'server.log');
  await rm(logFile, { force: true });
  if (isLogLost) await symlink('/dev/null', logFile);
  const beganMs = clock.monotonicMs();
  using log = createStartLog(engine, clock);
  const context = { signal: soon(), onProgress: () => undefined, listener: log.listener };
  const endpoint = await driver.start(spec, context);
  const ready = await engine.awaitReady({ ...agent, ...endpoint }, soon(), listening ?? log.listening);
  const answeredMs = clock.monotonicMs();
  return { log, ready, tookMs: answeredMs - beganMs, answeredMs };
}

async function park({ driver, spec }: RealServer): Promise<void> {
  await driver.suspend(spec.computeId, 'parked', { signal: soon(), onProgress: () => undefined });
}
