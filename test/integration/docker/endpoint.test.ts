import { afterEach, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createDockerDriver } from '../../../src/lib/drivers/index.ts';
import { verbContext } from '../../contract/driver-harness.ts';
import { openDockerBench, type DockerBench } from '../../support/docker-bench.ts';

let opened: DockerBench | null = null;
afterEach(async () => opened?.[Symbol.asyncDispose]());

async function open(platform: NodeJS.Platform): Promise<DockerBench> {
  opened = await openDockerBench(({ engine, homeId }) =>
    createDockerDriver(
      { engine, clock: createSystemClock() },
      { homeId, environment: process.env, pull: false, platform },
    ),
  );
  return opened;
}

describe('the endpoint of a compute', () => {
  it.each([
    ['its own address, when the engine is on this host', 'linux', /^(?!127\.)\d+\.\d+\.\d+\.\d+$/],
    ['a published port on the loopback address, when the engine is in a VM', 'darwin', /^127\.0\.0\.1$/],
  ] as const)('is %s', async (_what, platform, host) => {
    const { bench } = await open(platform);
    const subject = await bench.launch(2);
    const instance = await bench.driver.inspect(subject.id, verbContext().signal);
    expect(instance?.endpoint?.host).toMatch(host);
    await using connection = await bench.connectAs(subject, 'owner', subject.credentials.userPassword);
    const [row] = await connection.queryRows("SELECT SUBSTRING_INDEX(USER(), '@', -1) AS seen");
    expect(row?.['seen']).toBe(instance?.endpoint?.seenAs);
  });

  it('is found again on its published port after a stop', async () => {
    const { bench } = await open('darwin');
    const subject = await bench.launch(3);
    await bench.suspend(subject, 'stopped');
    await bench.start(subject);
    expect(await bench.readValues(subject)).toEqual([3]);
  });
});
