import { statfs } from 'node:fs/promises';

import type { Check } from '../../api/index.ts';
import { formatDuration } from '../../domain/index.ts';
import type { LocalImage } from '../../drivers/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { AgentCore, Running } from '../running.ts';
import { ok } from './check.ts';
import { checkClock, type Instant } from './clock.ts';
import { checkDisk } from './disk.ts';
import { checkDepths, checkDrivers, type ProbedDriver } from './drivers.ts';
import { checkImages } from './images.ts';
import { checkLedger } from './ledger.ts';
import { checkPools } from './pools.ts';
import { checkPorts } from './ports.ts';
import { checkRemote } from './remote.ts';
import { checkStorage } from './storage.ts';
import { checkStore } from './store.ts';

/** Everything that can be looked at without waking or changing anything. */
export async function runChecks(core: AgentCore, signal: AbortSignal): Promise<readonly Check[]> {
  const running = await core.running;
  const [probed, images, disk] = await Promise.all([
    probeAll(running, signal),
    listImages(running, signal),
    statfs(core.paths.home),
  ]);
  return [
    ...checkDrivers(probed),
    checkImages(images, core.settings.autoPull),
    checkDepths(probed),
    checkPorts(portFacts(core, running)),
    ...checkRemote(core.remoteFacts(), core.settings, core.clock.wallMs()),
    checkDisk({ home: core.paths.home, freeBytes: disk.bavail * disk.bsize }),
    checkClock(core.started, instantOf(core)),
    checkStore(core.store.verify(), core.paths.database),
    checkLedger(running.control.ledgerProblem()),
    ...checkPools(running.control.operations.listPools()),
    ...checkStorage(running.storage.list()),
    checkAgent(core),
  ];
}

function probeAll({ drivers }: Running, signal: AbortSignal): Promise<ProbedDriver[]> {
  return Promise.all(drivers.all().map(async (driver) => ({ driver, health: await driver.probe(signal) })));
}

/** Null when Docker cannot be asked, of which its own check says more. */
async function listImages({ images }: Running, signal: AbortSignal): Promise<readonly LocalImage[] | null> {
  try {
    return await images.list(signal);
  } catch (error) {
    if (error instanceof DozeError && error.entry.kind === 'environment') return null;
    throw error;
  }
}

function portFacts({ settings, store }: AgentCore, { gateway }: Running) {
  return {
    host: settings.gatewayHost,
    wantedSharedPort: settings.sharedPort,
    sharedPort: gateway.sharedPort,
    range: settings.gatewayPorts,
    used: store.listComputes().map((compute) => compute.port),
  };
}

function checkAgent(core: AgentCore): Check {
  const upMs = instantOf(core).monotonicMs - core.started.monotonicMs;
  return ok(
    'agent',
    `doze ${core.version}, pid ${process.pid}, up for ${formatDuration(upMs)}, home ${core.paths.home}`,
  );
}

function instantOf({ clock }: AgentCore): Instant {
  return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
}
