import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createProcessDriver } from '../../../src/lib/drivers/index.ts';
import { createMariaDbEngine } from '../../../src/lib/engines/index.ts';
import { findInPasswd } from '../../../src/lib/drivers/process/server-user.ts';
import { soon } from './real-server.ts';

const clock = createSystemClock();
const context = () => ({ signal: soon(), onProgress: () => undefined });

/** `nobody` stands for `mysql` here, as every system has it. */
async function uidOfServer(homeMode: number): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'doze-user-'));
  await chmod(home, homeMode);
  const engine = createMariaDbEngine({ clock });
  const driver = createProcessDriver(
    { engine, clock },
    { home, searchPath: '/usr/sbin:/usr/bin', serverUser: 'nobody' },
  );
  const credentials = { database: 'd', user: 'u', userPassword: 'u', rootPassword: 'r', agentPassword: 'a' };
  const spec = {
    computeId: 'c1',
    name: 'one',
    project: 'default',
    image: null,
    version: null,
    cu: 0.25,
    serverArguments: engine.serverArguments(0.25),

    initSql: engine.initSql(credentials),
    identity: null,
    stateless: null,
  };
  await driver.create(spec, context());
  const endpoint = await driver.start(spec, context());
  await engine.awaitReady({ ...endpoint, user: 'doze_agent', password: 'a' }, soon());
  const marker = await stat(join(home, 'computes', 'c1', 'data', 'doze-initialised'));
  expect(await driver.suspend('c1', 'parked', context())).toMatchObject({ isClean: true });
  await driver.purge('c1', context());
  await rm(home, { recursive: true });
  return marker.uid;
}

describe('the user that a server runs as', () => {
  const ours = userInfo().uid;

  it('is the unprivileged one when we are root, and ourselves when we are not', async () => {
    const nobody = findInPasswd('nobody', await readFile('/etc/passwd', 'utf8'))?.uid;
    expect(await uidOfServer(0o711)).toBe(ours === 0 ? nobody : ours);
  });

  it('is ourselves where the other could not reach the data', async () => {
    expect(await uidOfServer(0o700)).toBe(ours);
  });
});
