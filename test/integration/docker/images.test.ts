import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createDockerDriver, createDockerImages } from '../../../src/lib/drivers/index.ts';
import { createMariaDbEngine } from '../../../src/lib/engines/index.ts';
import { verbContext } from '../../contract/driver-harness.ts';

const images = createDockerImages(process.env);

describe('images on a Docker engine', () => {
  it('are listed with what they are', async () => {
    const built = (await images.list(verbContext().signal)).find(({ origin }) => origin === 'built');
    expect(built).toMatchObject({ engine: 'mariadb', reference: `doze/mariadb:${built?.version ?? ''}` });
    expect(built?.sizeBytes).toBeGreaterThan(0);
    expect(built?.createdAtMs).toBeGreaterThan(Date.UTC(2024, 0));
  });

  it('are not built again when they are there', async () => {
    const before = await images.list(verbContext().signal);
    const version = before.find(({ origin }) => origin === 'built')?.version ?? null;
    const progress: string[] = [];
    const context = { ...verbContext(), onProgress: (message: string) => progress.push(message) };
    await images.build({ engine: 'mariadb', version }, context);
    expect(progress).toEqual([`doze/mariadb:${version ?? ''} is there already`]);
    expect(await images.list(verbContext().signal)).toEqual(before);
  });

  it.each([
    ['engine', { engine: 'oracle', version: null }, 'ENGINE_UNKNOWN'],
    ['version', { engine: 'mariadb', version: '4.1' }, 'ENGINE_VERSION_UNKNOWN'],
  ])('of an unknown %s are not built', async (_what, request, code) => {
    await expect(images.build(request, verbContext())).rejects.toMatchObject({ code });
  });

  it('that no registry has are told with the way to build one', async () => {
    const clock = createSystemClock();
    const driver = createDockerDriver(
      { engine: createMariaDbEngine({ clock }), clock },
      { homeId: 'unused', environment: process.env, pull: true, platform: process.platform },
    );
    const request = { version: '10.11', image: 'registry.invalid/mariadb:10.11', isStateless: false };
    await expect(driver.prepare(request, verbContext())).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      message: expect.stringContaining('registry.invalid/mariadb:10.11') as string,
      hint: 'doze image build mariadb',
    });
    await expect(driver.prepare({ ...request, image: 'no such name' }, verbContext())).rejects.toMatchObject({
      code: 'VALUE_INVALID',
    });
  });
});
