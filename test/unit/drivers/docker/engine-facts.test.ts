import { describe, expect, it } from 'vitest';

import { decideReach, readCgroupFacts, type ReachFacts } from '../../../../src/lib/drivers/docker/engine-facts.ts';

const LOCAL: ReachFacts = {
  target: { kind: 'unix', socketPath: '/var/run/docker.sock' },
  platform: 'linux',
  operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  securityOptions: ['name=seccomp,profile=default'],
};
const PUBLISHED_HERE = { kind: 'published', host: '127.0.0.1', bindTo: '127.0.0.1' };

describe('the way to a server', () => {
  it('is direct when the engine runs on this Linux', () => {
    expect(decideReach(LOCAL)).toEqual({ kind: 'direct' });
  });

  it.each([
    ['on a Mac', { platform: 'darwin' as const }],
    ['in the VM of Docker Desktop', { operatingSystem: 'Docker Desktop' }],
    ['rootless', { securityOptions: ['name=seccomp,profile=default', 'name=rootless'] }],
  ])('is a port on the loopback address when the engine runs %s', (_where, changes) => {
    expect(decideReach({ ...LOCAL, ...changes })).toEqual(PUBLISHED_HERE);
  });

  it.each([
    { kind: 'tcp' as const, host: '10.0.0.9', port: 2376, certificatePath: '/certs' },
    { kind: 'ssh' as const, host: '10.0.0.9', port: 22, user: 'ann' },
  ])('is a port on the other machine when the engine is reached by $kind', (target) => {
    expect(decideReach({ ...LOCAL, target })).toEqual({ kind: 'published', host: '10.0.0.9', bindTo: '0.0.0.0' });
  });
});

describe("the kernel's control groups", () => {
  const here = { ...LOCAL, cgroupVersion: '2', swapLimit: true };

  it('are ours when the engine runs on this Linux, rootless or not', () => {
    expect(readCgroupFacts(here)).toEqual({ version: 2, countsSwap: true, isOurKernel: true, isRootless: false });
    expect(readCgroupFacts({ ...here, securityOptions: ['name=rootless'] })).toMatchObject({
      isOurKernel: true,
      isRootless: true,
    });
  });

  it.each([
    ['on a Mac', { platform: 'darwin' as const }],
    ['in the VM of Docker Desktop', { operatingSystem: 'Docker Desktop' }],
    ['on another machine', { target: { kind: 'ssh' as const, host: '10.0.0.9', port: 22, user: 'ann' } }],
  ])('are not ours when the engine runs %s', (_where, changes) => {
    expect(readCgroupFacts({ ...here, ...changes }).isOurKernel).toBe(false);
  });

  it('are of version 1 with an engine that does not say', () => {
    expect(readCgroupFacts({ ...here, cgroupVersion: '' }).version).toBe(1);
  });
});
