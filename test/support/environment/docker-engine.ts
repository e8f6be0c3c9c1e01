import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { createDockerImages } from '../../../src/lib/drivers/index.ts';
import { hasCode } from '../../../src/lib/errors/index.ts';
import { announce } from './announce.ts';
import { installMissing } from './packages.ts';

const START_DEADLINE_MS = 60_000;
/** For a dockerd that ended because another test run was starting one. */
const GRACE_MS = 10_000;
const POLL_MS = 200;
/** Kept between runs: the images in it are what makes the second run quick. */
const DATA_ROOT = join(tmpdir(), 'doze-test-docker');

/**
 * Makes sure that a Docker engine answers where doze itself would look. One that we have to start is left running:
 * another test run may have begun to use it, and the next one starts faster. It says how to stop it.
 */
export async function ensureDockerEngine(): Promise<void> {
  if (await answers()) return;
  const named = process.env['DOCKER_HOST'] ?? process.env['DOCKER_CONTEXT'];
  if (named !== undefined && named !== '')
    throw new Error(`no Docker engine answers at ${named}: start it, or unset DOCKER_HOST and DOCKER_CONTEXT`);

  installMissing([
    { program: 'dockerd', debianPackage: 'docker.io', description: 'Docker Engine' },
    { program: 'iptables', debianPackage: 'iptables', description: 'iptables' },
  ]);
  // The package starts the service where there is a service manager.
  if (await answers()) return;
  await startEngine();
}

async function startEngine(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('no Docker engine answers, and only root can start one: start dockerd');
  mountCgroups();
  mkdirSync(DATA_ROOT, { recursive: true });
  const logPath = `${DATA_ROOT}.log`;
  const log = openSync(logPath, 'a');
  const engine = spawn('dockerd', ['--data-root', DATA_ROOT], { detached: true, stdio: ['ignore', log, log] });
  let deadline = performance.now() + START_DEADLINE_MS;
  engine.once('exit', () => (deadline = Math.min(deadline, performance.now() + GRACE_MS)));
  engine.unref();
  announce(`started dockerd, log ${logPath}; it is left running, stop it with: kill ${String(engine.pid)}`);

  while (performance.now() < deadline) {
    if (await answers()) return;
    await sleep(POLL_MS);
  }
  const tail = readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  throw new Error(`dockerd did not come up; the end of ${logPath}:\n${tail}`);
}

/** A machine without a service manager may not have mounted them; dockerd cannot do without. */
function mountCgroups(): void {
  if (readdirSync('/sys/fs/cgroup').length > 0) return;
  installMissing([
    { program: 'cgroupfs-mount', debianPackage: 'cgroupfs-mount', description: 'a script that mounts cgroups' },
  ]);
  announce('mounting cgroups, as there are none');
  spawnSync('cgroupfs-mount', { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function answers(): Promise<boolean> {
  try {
    await createDockerImages(process.env).list(AbortSignal.timeout(10_000));
    return true;
  } catch (error) {
    // Anything but an engine that is not there is a fault that starting one would not mend.
    if (hasCode(error, 'DOCKER_UNAVAILABLE')) return false;
    throw error;
  }
}
