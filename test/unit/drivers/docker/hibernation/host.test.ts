import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findCgroup } from '../../../../../src/lib/drivers/docker/hibernation/find-cgroup.ts';
import { readHostFacts, readHostMemory } from '../../../../../src/lib/drivers/docker/hibernation/read-host.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from '../../../../support/temporary-directory.ts';

const ID = 'ab12'.repeat(16);
const V1_MOUNTS = `24 1 0:22 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
25 24 0:23 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
26 24 0:24 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
27 24 0:25 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
`;
const V2_MOUNTS = '30 1 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';

let root: TemporaryDirectory;
beforeEach(() => (root = createTemporaryDirectory()));
afterEach(() => root[Symbol.dispose]());

function write(path: string, text: string): string {
  const file = join(root.path, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('what the host has', () => {
  it('is read from the kernel with cgroup v1', async () => {
    write('proc/self/mountinfo', V1_MOUNTS);
    write('proc/meminfo', 'MemTotal:  100 kB\nSwapTotal:    2048 kB\nSwapFree:  1024 kB\n');
    write('proc/sys/vm/swappiness', '60\n');
    write('sys/fs/cgroup/memory/memory.force_empty', '');
    const facts = await readHostFacts({ version: 1, isRootless: false }, root.path);
    expect(facts).toEqual({ swapTotalBytes: 2048 * 1024, swappiness: 60, reclaimFile: 'writable' });
    expect(await readHostMemory(root.path)).toEqual({ swapTotalBytes: 2048 * 1024, swapFreeBytes: 1024 * 1024 });
  });

  it('is read from the first group that has the file with cgroup v2', async () => {
    write('proc/self/mountinfo', V2_MOUNTS);
    write('sys/fs/cgroup/init.scope/cgroup.procs', '');
    write('sys/fs/cgroup/system.slice/memory.reclaim', '');
    expect(await readHostFacts({ version: 2, isRootless: false }, root.path)).toMatchObject({
      reclaimFile: 'writable',
    });
  });

  it('is read from the own group when Docker is rootless', async () => {
    write('proc/self/mountinfo', V2_MOUNTS);
    write('proc/self/cgroup', '0::/user.slice/me\n');
    write('sys/fs/cgroup/user.slice/me/memory.reclaim', '');
    expect(await readHostFacts({ version: 2, isRootless: true }, root.path)).toMatchObject({ reclaimFile: 'writable' });
    expect(await readHostFacts({ version: 2, isRootless: false }, root.path)).toMatchObject({ reclaimFile: 'absent' });
  });

  it('is nothing where nothing can be read', async () => {
    const facts = await readHostFacts({ version: 2, isRootless: false }, root.path);
    expect(facts).toEqual({ swapTotalBytes: 0, swappiness: null, reclaimFile: 'absent' });
  });
});

describe('the control group of a container', () => {
  const container = { Id: ID, State: { Pid: 4711 } } as Parameters<typeof findCgroup>[0];

  it.each([
    ['v1', 1 as const, V1_MOUNTS, `5:cpu:/docker/x\n4:memory:/docker/${ID}\n0::/\n`, 'sys/fs/cgroup/memory/docker/'],
    ['v2', 2 as const, V2_MOUNTS, `0::/system.slice/docker-${ID}.scope\n`, 'sys/fs/cgroup/system.slice/docker-'],
  ])('of %s is where its process is', async (_title, version, mounts, table, prefix) => {
    write('proc/self/mountinfo', mounts);
    write('proc/4711/cgroup', table);
    const directory = `${prefix}${ID}${version === 2 ? '.scope' : ''}`;
    write(`${directory}/cgroup.procs`, '4710\n4711\n');
    expect(await findCgroup(container, version, 'memory', root.path)).toBe(join(root.path, directory));
  });

  it('is not one of another name: the process is not that of the container', async () => {
    write('proc/self/mountinfo', V2_MOUNTS);
    write('proc/4711/cgroup', '0::/user.slice/somebody\n');
    write('sys/fs/cgroup/user.slice/somebody/cgroup.procs', '4711\n');
    expect(await findCgroup(container, 2, 'memory', root.path)).toBeNull();
  });

  it('is not one that does not hold the process: the path is that of another namespace', async () => {
    write('proc/self/mountinfo', V1_MOUNTS);
    write('proc/4711/cgroup', `4:memory:/docker/${ID}\n`);
    const members = write(`sys/fs/cgroup/memory/docker/${ID}/cgroup.procs`, '17\n');
    expect(await findCgroup(container, 1, 'memory', root.path)).toBeNull();
    writeFileSync(members, '4711\n');
    expect(await findCgroup(container, 1, 'memory', root.path)).not.toBeNull();
  });

  it('is unknown when the process is gone', async () => {
    write('proc/self/mountinfo', V1_MOUNTS);
    expect(await findCgroup(container, 1, 'memory', root.path)).toBeNull();
  });
});
