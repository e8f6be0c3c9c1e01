import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ContainerInspectInfo } from 'dockerode';

import { cgroupPathOf, type Controller } from './cgroup-tables.ts';
import { findMount } from './read-host.ts';

/**
 * The directory of a container's cgroup with that controller. Null when it is not surely that one: an agent that is itself in a
 * container sees other paths, and numbers of other processes.
 */
export async function findCgroup(
  { Id: id, State: { Pid: pid } }: Pick<ContainerInspectInfo, 'Id' | 'State'>,
  version: 1 | 2,
  controller: Controller,
  root = '/',
): Promise<string | null> {
  const [mount, table] = await Promise.all([
    findMount(version, controller, root),
    readText(join(root, 'proc', String(pid), 'cgroup')),
  ]);
  const path = cgroupPathOf(table, version, controller);
  if (mount === null || path?.includes(id) !== true) return null;
  const directory = join(mount, path);
  const members = await readText(join(directory, 'cgroup.procs'));
  return members.split('\n').includes(String(pid)) ? directory : null;
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}
