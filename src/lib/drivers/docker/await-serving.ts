import type { ContainerInspectInfo } from 'dockerode';

import { tryGreeting } from '../try-greeting.ts';
import { inspectContainer, reportOf } from './containers.ts';
import { endpointOf } from './describe-container.ts';
import type { DockerHome } from './home.ts';

/** A server this old serves, or is in a recovery that may be told to stop. */
const YOUNG_MS = 60_000;
const POLL_MS = 10;

/** From now on the container's server is young: said before it is launched, as a launch may be cut short. */
export function noteLaunch(home: DockerHome, containerId: string): void {
  home.launchedAtMs.set(containerId, home.clock.monotonicMs());
}

/**
 * A server that is told to stop in the last part of its start hangs for ever (10.11.19, in init_slave()), so a young
 * one has to greet first. Older ones are spared the warning that a greeting without a login leaves in their log.
 * One that an earlier agent launched is taken for young once.
 */
export async function awaitServing(
  home: DockerHome,
  container: ContainerInspectInfo,
  signal: AbortSignal,
): Promise<void> {
  const now = home.clock.monotonicMs();
  if (now - (home.launchedAtMs.get(container.Id) ?? now) > YOUNG_MS) return;
  const endpoint = endpointOf(container, (await home.facts(signal)).reach);
  for (;;) {
    const current = await inspectContainer(home, container.Id, signal);
    if (current?.State.Status !== 'running') return;
    if ((await reportOf(home, current, signal))?.state === 'parked') return;
    if (endpoint !== null && (await tryGreeting(endpoint, signal))) break;
    await home.clock.sleep(POLL_MS, signal);
  }
  home.launchedAtMs.set(container.Id, -Infinity);
}
