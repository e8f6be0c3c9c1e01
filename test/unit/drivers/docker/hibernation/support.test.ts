import { describe, expect, it } from 'vitest';

import type { CgroupFacts } from '../../../../../src/lib/drivers/docker/engine-facts.ts';
import { decideSupport, type HostFacts } from '../../../../../src/lib/drivers/docker/hibernation/support.ts';

const HOST: HostFacts = { swapTotalBytes: 1024 ** 3, swappiness: 60, reclaimFile: 'writable' };
const V1: CgroupFacts = { version: 1, countsSwap: true, isOurKernel: true, isRootless: false };
const V2: CgroupFacts = { ...V1, version: 2 };

describe('the way to hibernate', () => {
  it.each<[string, CgroupFacts, HostFacts | null, string]>([
    ['on this machine with cgroup v2', V2, HOST, 'reclaim'],
    ['on this machine with cgroup v1', V1, HOST, 'forceEmpty'],
    ['on this machine without the right to the files of v1', V1, { ...HOST, reclaimFile: 'readOnly' }, 'lowerLimit'],
    ['on another machine with cgroup v1', V1, null, 'lowerLimit'],
    ['where the swappiness is not told', V1, { ...HOST, swappiness: null }, 'forceEmpty'],
  ])('%s is found', (_where, cgroups, host, way) => {
    expect(decideSupport(cgroups, host)).toMatchObject({ way, hint: null });
  });

  it.each<[string, CgroupFacts, HostFacts | null, string]>([
    ['there is no swap', V1, { ...HOST, swapTotalBytes: 0 }, 'mkswap /swapfile'],
    ['the kernel may not swap', V2, { ...HOST, swappiness: 0 }, 'sysctl vm.swappiness=10'],
    ['the files of v2 are not ours to write', V2, { ...HOST, reclaimFile: 'readOnly' }, 'as root'],
    ['the kernel is too old for v2', V2, { ...HOST, reclaimFile: 'absent' }, '5.19'],
    ['v2 is on another machine', V2, null, 'where Docker runs'],
    ['swap is not counted on another machine', { ...V1, countsSwap: false }, null, 'swapaccount=1'],
  ])('is missing with something to type when %s', (_why, cgroups, host, hint) => {
    const support = decideSupport(cgroups, host);
    expect(support.way).toBeNull();
    expect(support.hint).toContain(hint);
  });
});
