import { describe, expect, it } from 'vitest';

import { createDriverRegistry } from '../../../src/lib/agent/driver-registry.ts';
import type { DriverName } from '../../../src/lib/domain/index.ts';
import type { Driver, DriverHealth } from '../../../src/lib/drivers/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';

const ANY = { version: null, image: null, isStateless: false };
const context = { signal: new AbortController().signal, onProgress: () => undefined };
const USABLE: DriverHealth = { isUsable: true, summary: 'fine', problem: null, hibernation: null };
const DOCKER_DOWN = problem('DOCKER_UNAVAILABLE', 'no Docker engine answers', 'systemctl start docker');
const NO_SERVER = problem('SERVER_BINARY_MISSING', 'no mariadbd', 'apt-get install mariadb-server-core');

function problem(code: 'DOCKER_UNAVAILABLE' | 'SERVER_BINARY_MISSING', message: string, hint: string): DriverHealth {
  return { isUsable: false, summary: message, problem: { code, message, hint }, hibernation: null };
}

/** A driver that answers these two questions and no other. */
function driver(name: DriverName, health: DriverHealth, prepareError?: DozeError): Driver {
  const prepare: Driver['prepare'] = async () => {
    if (prepareError !== undefined) throw prepareError;
    return { image: null, version: '10.11', recipe: 'one' };
  };
  return { name, probe: async () => health, prepare } as Partial<Driver> as Driver;
}

const imageMissing = new DozeError('IMAGE_UNAVAILABLE', 'mariadb:11.8 cannot be pulled');

describe('choosing a driver with auto', () => {
  it.each<[string, Driver, Driver, DriverName]>([
    ['docker when it can be used', driver('docker', USABLE), driver('process', USABLE), 'docker'],
    ['process when no engine answers', driver('docker', DOCKER_DOWN), driver('process', USABLE), 'process'],
    ['process when no image can be had', driver('docker', USABLE, imageMissing), driver('process', USABLE), 'process'],
    ['docker when there is no server binary', driver('docker', USABLE), driver('process', NO_SERVER), 'docker'],
  ])('takes %s', async (_title, docker, process, expected) => {
    const registry = createDriverRegistry([docker, process]);
    expect((await registry.choose('auto', ANY, context)).name).toBe(expected);
  });

  it('says what is wrong with each when none can be used, and what to install', async () => {
    const registry = createDriverRegistry([driver('docker', DOCKER_DOWN), driver('process', NO_SERVER)]);
    await expect(registry.choose('auto', ANY, context)).rejects.toMatchObject({
      code: 'NO_DRIVER',
      message: expect.stringMatching(/no Docker engine answers.*no mariadbd/) as string,
      hint: 'apt-get install mariadb-server-core',
    });
  });

  it('does not turn a bad request into another driver', async () => {
    const unknown = new DozeError('ENGINE_VERSION_UNKNOWN', 'there is no MariaDB 99');
    const registry = createDriverRegistry([driver('docker', USABLE, unknown), driver('process', USABLE)]);
    await expect(registry.choose('auto', { version: '99', image: null, isStateless: false }, context)).rejects.toBe(
      unknown,
    );
  });

  it('does not run an image that was asked for as a process', async () => {
    const registry = createDriverRegistry([driver('docker', USABLE, imageMissing), driver('process', USABLE)]);
    const request = { version: null, image: 'mariadb:11.8', isStateless: false };
    await expect(registry.choose('auto', request, context)).rejects.toBe(imageMissing);
  });
});

describe('choosing a driver by name', () => {
  it('takes it or says why not, and never another one', async () => {
    const registry = createDriverRegistry([driver('docker', DOCKER_DOWN), driver('process', USABLE)]);
    expect((await registry.choose('process', ANY, context)).name).toBe('process');
    await expect(registry.choose('docker', ANY, context)).rejects.toMatchObject({
      code: 'DOCKER_UNAVAILABLE',
      hint: 'systemctl start docker',
    });
  });

  it('refuses one that this agent does not have', () => {
    const registry = createDriverRegistry([driver('process', USABLE)]);
    expect(() => registry.get('docker')).toThrow(
      expect.objectContaining({ code: 'NO_DRIVER', hint: 'use one of: process' }),
    );
  });
});
