import type { AgentServices, Setup } from '../../api/index.ts';
import { createDeadline } from '../../clock.ts';
import type { DriverName } from '../../domain/index.ts';
import type { Driver } from '../../drivers/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { AgentCore, Running } from '../running.ts';

/** Within the caller's own 30 s. A pull that takes longer goes on in Docker. */
const FIND_TIMEOUT_MS = 20_000;
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** What a new compute would run on, and how to get there where there is nothing. */
export function createSetupServices(core: AgentCore): AgentServices['setup'] {
  return {
    find: async (signal) => findSetup(core, await core.running, signal),
    async install(onProgress) {
      const running = await core.running;
      using deadline = createDeadline(INSTALL_TIMEOUT_MS, tooSlow);
      const found = await findSetup(core, running, deadline.signal);
      if (found.driver !== null) return found;
      await running.installer.install(deadline.signal, onProgress);
      return await describe(running.drivers.get('process'), deadline.signal);
    },
  };
}

async function findSetup({ settings }: AgentCore, running: Running, signal: AbortSignal): Promise<Setup> {
  using deadline = createDeadline(FIND_TIMEOUT_MS, tooSlow, signal);
  const request = { version: settings.mariadbVersion, image: settings.mariadbImage, isStateless: false };
  const context = { signal: deadline.signal, onProgress: () => undefined };
  try {
    return await describe(await running.drivers.choose(settings.driver, request, context), signal);
  } catch (error) {
    if (!(error instanceof DozeError) || error.entry.kind !== 'environment' || signal.aborted) throw error;
    // Only a pull takes this long, and it can be waited for where its progress is shown.
    if (error.code === 'TIMED_OUT') return await describe(running.drivers.get('docker'), signal);
    return { driver: null, summary: error.message, install: await running.installer.plan() };
  }
}

async function describe(driver: Driver, signal: AbortSignal): Promise<Setup> {
  const { summary, isUsable } = await driver.probe(signal);
  return { driver: isUsable ? known(driver.name) : null, summary, install: null };
}

function known(name: DriverName): Setup['driver'] {
  return name === 'fake' ? null : name;
}

function tooSlow(): DozeError {
  return new DozeError('TIMED_OUT', 'looking for or installing a database server took too long', {
    hint: 'doze doctor',
  });
}
