import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createSystemClock } from '../../src/lib/clock.ts';
import { createProcessDriver } from '../../src/lib/drivers/index.ts';
import { createMariaDbEngine } from '../../src/lib/engines/index.ts';
import { describeDriver, type DriverHarness } from './driver-suite.ts';

async function setUp(): Promise<DriverHarness> {
  const home = await mkdtemp(join(tmpdir(), 'doze-process-'));
  const clock = createSystemClock();
  const engine = createMariaDbEngine({ clock });
  return {
    engine,
    open: async () =>
      createProcessDriver({ engine, clock }, { home, searchPath: '/usr/local/sbin:/usr/sbin:/usr/bin' }),
    async killServer(computeId) {
      const record = await readFile(join(home, 'computes', computeId, 'run', 'server'), 'utf8');
      process.kill(Number(record.split(' ')[0]), 'SIGKILL');
      const isGone = async (): Promise<boolean> =>
        readFile(join(home, 'computes', computeId, 'run', 'exit'), 'utf8').then(
          () => true,
          () => false,
        );
      while (!(await isGone())) await clock.sleep(5);
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

describeDriver('process', setUp);
