import Dockerode from 'dockerode';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createCrashingAgent, type CrashingAgent, type Report } from '../../support/crashing-agent.ts';

let agent: CrashingAgent;
beforeAll(async () => (agent = await createCrashingAgent()));
afterAll(async () => agent.close());

async function run(operation: string): Promise<Report> {
  const { report, output } = await agent.run([operation], 0);
  if (report === null) throw new TypeError(`the agent did not finish ${operation}: ${output}`);
  return report;
}

/** What a reboot of the host does to the processes of a paused container. */
async function killContainer({ homeId }: Report): Promise<void> {
  const docker = new Dockerode();
  const filters = { label: [`doze.home=${homeId}`, 'doze.role=instance'] };
  const [found] = await docker.listContainers({ all: true, filters });
  const container = docker.getContainer(found?.Id ?? '');
  const ended = container.wait();
  await container.kill();
  await ended;
}

it('a compute whose host went down while it hibernated is found stopped, and wakes with every row', async () => {
  const created = await run('create');
  await agent.writeRow(created);
  const asleep = await run('suspend:hibernated');
  expect(asleep.compute).toMatchObject({ state: 'suspended', depth: 'hibernated' });
  await killContainer(asleep);

  const found = await run('recover');
  expect(found.compute).toMatchObject({ state: 'suspended', depth: 'stopped' });
  const awake = await run('wake');
  expect(awake.compute).toMatchObject({ state: 'active', lastWake: { fromDepth: 'stopped' } });
  expect(await agent.countRows(awake)).toBe(1);
  expect(awake.verify).toEqual({ isConsistent: true, differences: [] });
});
