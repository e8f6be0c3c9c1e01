import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createCrashingAgent, type CrashingAgent, type Report } from '../../support/crashing-agent.ts';

/** More steps than any of these has: the loops must end by themselves. */
const MOST_STEPS = 30;

describe('an agent with a warm pool, killed at every step, on Docker', () => {
  let agent: CrashingAgent;
  let kills = 0;

  beforeAll(async () => {
    agent = await createCrashingAgent();
  });
  afterAll(async () => {
    await live('pool:0');
    await agent.close();
  });

  async function live(operation: string): Promise<Report> {
    const { report, output, signal } = await agent.run([operation], 0);
    if (report === null) throw new TypeError(`the agent did not finish ${operation} (${String(signal)}): ${output}`);
    return report;
  }

  /** @param check of what the next agent makes of it */
  async function dieEverywhereIn(
    operation: string,
    before: readonly string[],
    check: (report: Report) => Promise<void> | void,
  ): Promise<void> {
    for (let killAt = 1; ; killAt += 1) {
      expect(killAt).toBeLessThan(MOST_STEPS);
      const outcome = await agent.run([...before, operation], killAt);
      if (outcome.report !== null) break;
      expect(outcome.signal).toBe('SIGKILL');
      kills += 1;
      const report = await live('recover');
      checkNothingLeaks(report);
      await check(report);
    }
  }

  it('makes a spare, or had not begun one', { timeout: 600_000 }, async () => {
    await dieEverywhereIn('pool:1', ['pool:0'], ({ spares }) => {
      expect(spares).toHaveLength(1);
    });
  });

  it('gives a spare to a compute as a whole, or not at all', { timeout: 600_000 }, async () => {
    await live('pool:1');
    await dieEverywhereIn('create', ['unmake'], async (report) => {
      expect(report.spares).toHaveLength(1);
      if (report.compute === null) return;
      expect(report.compute).toMatchObject({ state: 'active', fromPool: true });
      await agent.writeRow(report);
      expect(await agent.countRows(report)).toBe(1);
    });
  });

  it('discards a spare with all that it has', { timeout: 600_000 }, async () => {
    await live('unmake');
    await dieEverywhereIn('pool:0', ['pool:1'], ({ spares, instances, data }) => {
      if (spares.length === 0) expect([instances, data]).toEqual([[], []]);
    });
  });

  it('was killed at many steps, so that the cases above are not empty', () => {
    expect(kills).toBeGreaterThan(12);
  });
});

/** What exists on Docker is exactly what is on record: computes and spares, each once. */
function checkNothingLeaks({ compute, spares, instances, data, verify }: Report): void {
  expect(verify.differences).toEqual([]);
  expect(spares.map(({ state }) => state)).toEqual(spares.map(() => 'ready'));
  const isThere = compute !== null && compute.state !== 'destroyed';
  const ids = [...spares.map(({ id }) => id), ...(isThere ? [compute.id] : [])];
  expect(new Set(ids).size).toBe(ids.length);
  expect(instances.map(({ computeId }) => computeId).toSorted()).toEqual(ids.toSorted());
  expect(data.toSorted()).toEqual(ids.toSorted());
  const parked = instances.filter(({ state }) => state === 'parked').map(({ computeId }) => computeId);
  expect(parked.toSorted()).toEqual(spares.map(({ id }) => id).toSorted());
}
