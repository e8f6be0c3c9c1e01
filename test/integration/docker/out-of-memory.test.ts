import { afterAll, beforeAll, expect, it } from 'vitest';

import { verbContext, type Subject } from '../../contract/driver-harness.ts';
import { openDockerBench, type DockerBench } from '../../support/docker-bench.ts';

const LIMIT_BYTES = 256 * 1024 ** 2;

let opened: DockerBench;
beforeAll(async () => (opened = await openDockerBench()));
afterAll(async () => opened[Symbol.asyncDispose]());

/** Takes memory in a session of the compute until the server is gone. */
async function exhaust(subject: Subject): Promise<void> {
  const container = await opened.home.container(subject.id);
  await container.update({ Memory: LIMIT_BYTES, MemorySwap: LIMIT_BYTES });
  await using connection = await opened.bench.connectAs(subject, 'owner', subject.credentials.userPassword);
  const take = async (): Promise<void> => {
    for (let i = 0; i < 40; i += 1) await connection.queryRows(`SET @v${String(i)} = REPEAT('x', 16 * 1024 * 1024)`);
  };
  await expect(take()).rejects.toThrow();
}

it('reports a server that its memory limit killed as such, to who watches and to who looks', async () => {
  const { bench } = opened;
  const subject = await bench.launch(5);
  const change = await bench.nextChange(
    subject,
    () => exhaust(subject),
    ({ kind }) => kind === 'ended',
  );
  expect(change.exit).toMatchObject({ code: 137, isOutOfMemory: true });
  const instance = await bench.driver.inspect(subject.id, verbContext().signal);
  expect(instance).toMatchObject({ state: 'stopped', exit: { code: 137, isOutOfMemory: true } });
  await bench.start(subject);
  expect(await bench.readValues(subject)).toEqual([5]);
});
