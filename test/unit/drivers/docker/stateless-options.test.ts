import { describe, expect, it } from 'vitest';

import { statelessOptions, type StatelessPlan } from '../../../../src/lib/drivers/docker/stateless-options.ts';

const MIB = 1024 ** 2;
const ENVIRONMENT = { PAGE_SERVER_URL: 'http://pages:8080', MYSQL_ROOT_PASSWORD: 'a=b c' };

function planOf(generation: number): StatelessPlan {
  const stateless = { generation, environment: ENVIRONMENT };
  return {
    homeId: 'h1',
    spec: {
      computeId: 'c1',
      name: 'shop',
      project: 'web',
      image: 'example/compute:1.2',
      version: '1.2',
      cu: 0.5,
      serverArguments: ['--no-defaults'],
      initSql: 'CREATE DATABASE shop;\n',
      identity: null,
      stateless,
    },
    stateless,
    image: 'example/compute:1.2',
    user: { uid: 27, gid: 28 },
    facts: {
      target: { kind: 'unix', socketPath: '/var/run/docker.sock' },
      version: '20.10',
      cpus: 2,
      osType: 'linux',
      reach: { kind: 'direct' },
      cgroups: { version: 1, countsSwap: true, isOurKernel: true, isRootless: false },
    },
  };
}

const options = statelessOptions(planOf(4));

describe('the container of a compute that keeps nothing', () => {
  it("runs its image's own start-up, without a supervisor, arguments or statements of ours", () => {
    expect(options).not.toHaveProperty('Entrypoint');
    expect(options).not.toHaveProperty('Cmd');
    expect(options).not.toHaveProperty('OpenStdin');
    expect(options).toMatchObject({ Image: 'example/compute:1.2', User: 'mysql', StopSignal: 'SIGTERM' });
  });

  it('is told what it needs by its environment and by nothing else', () => {
    expect(options.Env).toEqual(['PAGE_SERVER_URL=http://pages:8080', 'MYSQL_ROOT_PASSWORD=a=b c']);
  });

  it('has its scratch in memory, within its own, and belonging to the user of its image', () => {
    const owned = 'mode=1777,uid=27,gid=28';
    expect(options.HostConfig?.Tmpfs).toEqual({
      '/tmp': `${owned},size=${256 * MIB}`,
      '/var/lib/mysql': `${owned},size=${1024 * MIB}`,
      '/run/mysqld': `${owned},size=${16 * MIB}`,
    });
  });

  it('has no volume of its own and no template', () => {
    expect(options.HostConfig).not.toHaveProperty('Mounts');
    expect(options.HostConfig).not.toHaveProperty('Binds');
  });

  it('is confined as every other one', () => {
    expect(options.HostConfig).toMatchObject({
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      PidsLimit: 4096,
      NanoCpus: 5e8,
      Memory: 2048 * MIB,
      MemorySwap: 2048 * MIB,
      NetworkMode: 'doze-h1',
    });
  });

  it('is labelled with its generation, beside what all computes are labelled with', () => {
    expect(options.Labels).toEqual({
      'doze.home': 'h1',
      'doze.role': 'instance',
      'doze.compute': 'c1',
      'doze.name': 'shop',
      'doze.project': 'web',
      'doze.stateless': 'true',
      'doze.generation': '4',
    });
  });

  it('has the same name in every generation, so that Docker refuses a second one', () => {
    expect(statelessOptions(planOf(5)).name).toBe(options.name);
  });
});
