import { access, constants, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { systemCode } from '../../../errors/index.ts';
import type { CgroupFacts } from '../engine-facts.ts';
import { cgroupPathOf, findControllerMount, type Controller } from './cgroup-tables.ts';
import { readMemInfo, type MemInfo } from './mem-info.ts';
import type { HostFacts } from './support.ts';

/** Where the kernel tells of itself; another directory in tests. */
const ROOT = '/';

/** What this machine has for hibernation. Whatever cannot be read counts as not there. */
export async function readHostFacts(
  { version, isRootless }: Pick<CgroupFacts, 'version' | 'isRootless'>,
  root = ROOT,
): Promise<HostFacts> {
  const [{ swapTotalBytes }, swappiness, mount] = await Promise.all([
    readHostMemory(root),
    readText(join(root, 'proc/sys/vm/swappiness')),
    findMount(version, 'memory', root),
  ]);
  return {
    swapTotalBytes,
    swappiness: swappiness === '' ? null : Number(swappiness),
    reclaimFile: mount === null ? 'absent' : await lookAt(await findReclaimFile(version, isRootless, mount, root)),
  };
}

export async function readHostMemory(root = ROOT): Promise<MemInfo> {
  return readMemInfo(await readText(join(root, 'proc/meminfo')));
}

/** The directory under which the cgroups with a controller are, as this process sees it. */
export async function findMount(version: 1 | 2, controller: Controller, root = ROOT): Promise<string | null> {
  const mount = findControllerMount(await readText(join(root, 'proc/self/mountinfo')), version, controller);
  return mount === null ? null : join(root, mount);
}

/** The root group of v2 has no such file: any group below has, and Docker's are made by root like those. */
async function findReclaimFile(version: 1 | 2, isRootless: boolean, mount: string, root: string): Promise<string> {
  if (version === 1) return join(mount, 'memory.force_empty');
  if (isRootless) {
    const own = cgroupPathOf(await readText(join(root, 'proc/self/cgroup')), version, 'memory');
    return join(mount, own ?? '', 'memory.reclaim');
  }
  const groups = await readdir(mount, { withFileTypes: true }).catch(() => []);
  const files = groups.filter((group) => group.isDirectory()).map(({ name }) => join(mount, name, 'memory.reclaim'));
  for (const file of files) if ((await lookAt(file)) !== 'absent') return file;
  return join(mount, 'memory.reclaim');
}

async function lookAt(file: string): Promise<HostFacts['reclaimFile']> {
  try {
    await access(file, constants.W_OK);
    return 'writable';
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? 'absent' : 'readOnly';
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}
