import { describe, expect, it } from 'vitest';

import { containerOptions, type ContainerPlan } from '../../../../src/lib/drivers/docker/container-options.ts';

const PLAN: ContainerPlan = {
  homeId: 'h1',
  spec: {
    computeId: 'c1',
    name: 'shop',
    project: 'web',
    image: 'doze/mariadb:10.11',
    version: '10.11',
    cu: 0.5,
    serverArguments: ['--no-defaults', '--skip-name-resolve'],
    initSql: 'CREATE DATABASE shop;\n',
    identity: null,
    stateless: null,
  },
  image: 'doze/mariadb:10.11',
  templateVolume: 'template-1',
  serverBinaries: ['mariadbd', 'mysqld'],
  facts: {
    target: { kind: 'unix', socketPath: '/var/run/docker.sock' },
    version: '20.10',
    cpus: 2,
    osType: 'linux',
    reach: { kind: 'direct' },
    cgroups: { version: 1, countsSwap: true, isOurKernel: true, isRootless: false },
  },
};

describe('the container of a compute', () => {
  it('is labelled with its home, compute, name and project', () => {
    expect(containerOptions(PLAN)).toMatchObject({
      name: 'doze-h1-shop-c1',
      Labels: {
        'doze.home': 'h1',
        'doze.compute': 'c1',
        'doze.name': 'shop',
        'doze.project': 'web',
        'doze.role': 'instance',
      },
    });
  });

  it('gets the share of CPU and memory that its size has, and no swap beyond', () => {
    const memory = 2 * 1024 ** 3;
    expect(containerOptions(PLAN).HostConfig).toMatchObject({ NanoCpus: 5e8, Memory: memory, MemorySwap: memory });
  });

  it('is not limited to more CPUs than the host has, which Docker would refuse', () => {
    const large = { ...PLAN, spec: { ...PLAN.spec, cu: 8 } };
    expect(containerOptions(large).HostConfig?.NanoCpus).toBe(2e9);
  });

  it("gives the engine's arguments first, as --no-defaults is understood nowhere else", () => {
    expect(containerOptions(PLAN).Cmd?.slice(0, 3)).toEqual([
      '--no-defaults',
      '--skip-name-resolve',
      '--datadir=/var/lib/mysql/data',
    ]);
  });

  it('leaves a mark as the last statement of its first start', () => {
    expect(containerOptions(PLAN).Env).toContain(
      "DOZE_INIT_SQL=CREATE DATABASE shop;\nSELECT 1 INTO OUTFILE '/var/lib/mysql/initialised';",
    );
  });

  it('publishes no port when the agent reaches it directly', () => {
    expect(containerOptions(PLAN).HostConfig).not.toHaveProperty('PortBindings');
  });

  it('publishes a port that Docker chooses when the agent does not', () => {
    const reach = { kind: 'published', host: '127.0.0.1', bindTo: '127.0.0.1' } as const;
    const options = containerOptions({ ...PLAN, facts: { ...PLAN.facts, reach } });
    expect(options.HostConfig?.PortBindings).toEqual({ '3306/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] });
  });
});
