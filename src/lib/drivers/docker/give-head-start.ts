import { readFile } from 'node:fs/promises';

import type { ContainerInspectInfo } from 'dockerode';

import type { DockerHome } from './home.ts';

/**
 * Where the container's processes are this host's, and ours to signal: tells its supervisor to start the server by the
 * signal that the order over Docker comes down to, 2 ms before that is through. The order follows all the same: it has the
 * answer, and changes nothing for a server that is on its way. Waited for, so that no later order is overtaken by it.
 *
 * Only for a container that is known to be parked, whose supervisor has its handlers set. Never throws: without it the
 * order is all there is.
 * @returns whether it was given
 */
export async function giveHeadStart(
  home: DockerHome,
  { Id: id, State: { Pid: pid } }: ContainerInspectInfo,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if ((await home.facts(signal)).reach.kind !== 'direct' || pid <= 1) return false;
    // Another process may have the number by now, or the number may be another machine's.
    const cgroup = await readFile(`/proc/${pid}/cgroup`, 'latin1');
    return cgroup.includes(id) && process.kill(pid, 'SIGUSR1');
  } catch {
    // Not ours to signal, or gone.
    return false;
  }
}
