import Dockerode from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createCrashingAgent, type CrashingAgent, type Report } from '../../support/crashing-agent.ts';
import { watchRunning } from '../../support/running-containers.ts';
import { buildStatelessImage } from '../../support/stateless-image.ts';

/** Rounds of a wake and a suspend, each under an agent that is killed somewhere in it. */
const ROUNDS = 15;

/** The same numbers each time, so that a failure can be looked at again. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

describe('a compute that keeps nothing, whose agent is killed at any moment', () => {
  const docker = new Dockerode();
  let agent: CrashingAgent;

  beforeAll(async () => {
    agent = await createCrashingAgent(await buildStatelessImage(docker));
  });
  afterAll(async () => {
    await agent.close();
  });

  async function finish(operation: string): Promise<Report> {
    const { report, output } = await agent.run([operation], 0);
    if (report === null) throw new TypeError(`the agent did not finish ${operation}: ${output}`);
    expect(report.verify).toEqual({ isConsistent: true, differences: [] });
    return report;
  }

  async function lengthOf(operation: string): Promise<number> {
    const beganMs = performance.now();
    await finish(operation);
    return performance.now() - beganMs;
  }

  it('is never there twice, is found again, and leaves nothing behind', { timeout: 600_000 }, async () => {
    const dice = createDice(7);
    const killed = { wakes: 0, suspends: 0 };
    await finish('create');
    const { homeId } = await finish('suspend:removed');
    // Its agent's own start included: a kill may hit any part of it, or just come too late.
    const wakeMs = await lengthOf('wake');
    const suspendMs = await lengthOf('suspend:removed');
    using running = await watchRunning(docker, homeId);
    for (let round = 0; round < ROUNDS; round += 1) {
      const wake = await agent.run(['wake'], `t${Math.floor(dice() * wakeMs)}`);
      if (wake.signal === 'SIGKILL') killed.wakes += 1;
      const awake = await finish('wake');
      expect(awake.compute?.state).toBe('active');
      expect(awake.instances.map(({ state }) => state)).toEqual(['running']);
      await agent.writeRow(awake);

      const suspend = await agent.run(['suspend:removed'], `t${Math.floor(dice() * suspendMs)}`);
      if (suspend.signal === 'SIGKILL') killed.suspends += 1;
      const asleep = await finish('suspend:removed');
      expect(asleep.compute).toMatchObject({ state: 'suspended', depth: 'removed' });
      expect({ instances: asleep.instances, data: asleep.data }).toEqual({ instances: [], data: [] });
    }
    expect(running.most).toBe(1);
    expect(running.starts).toBeGreaterThanOrEqual(ROUNDS);
    // Else the kills came too late to mean anything.
    expect(killed.wakes).toBeGreaterThan(ROUNDS / 3);
    expect(killed.suspends).toBeGreaterThan(ROUNDS / 3);
  });
});
