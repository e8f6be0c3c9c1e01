import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createStartLog, type StartLog } from '../../../src/lib/control/start-log.ts';
import { START_PHASES, type Listening, type Ready } from '../../../src/lib/engines/index.ts';
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
