import { describe, expect, it } from 'vitest';

import { setCpus } from '../../../../src/lib/drivers/docker/cpu-quota.ts';
import type { CgroupFiles } from '../../../../src/lib/drivers/docker/hibernation/cgroup-files.ts';

function createFiles(first: Readonly<Record<string, string>>): CgroupFiles & { readonly written: [string, string][] } {
  const files = new Map(Object.entries(first));
  const written: [string, string][] = [];
  return {
    directory: '/cgroup',
    written,
    read: (name) => Promise.resolve(files.get(name) ?? ''),
    write: (name, value) => {
      written.push([name, value]);
      files.set(name, value);
      return Promise.resolve();
    },
  };
}

describe('the limit of CPU time', () => {
  it.each([
    [1 as const, 0.25, ['cpu.cfs_quota_us', '25000']],
    [1 as const, 1, ['cpu.cfs_quota_us', '100000']],
    [2 as const, 0.25, ['cpu.max', '25000 100000']],
    [2 as const, 1.5, ['cpu.max', '150000 100000']],
  ])('is said as cgroup v%d says %d CPUs', async (version, cpus, written) => {
    const files = createFiles({});
    await setCpus(files, version, cpus);
    expect(files.written).toEqual([written]);
  });

  it('is left alone when it is right', async () => {
    const files = createFiles({ 'cpu.cfs_quota_us': '25000' });
    await setCpus(files, 1, 0.25);
    expect(files.written).toEqual([]);
  });
});
