import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createCrashingAgent, type CrashingAgent, type Report } from '../../support/crashing-agent.ts';

/** More steps than the end of a lease has: the loop must end by itself, not by this bound. */
const MOST_STEPS = 20;

describe('an agent killed at every step of the end of a lease, on Docker', () => {
  let agent: CrashingAgent;
  let kills = 0;

  beforeAll(async () => {
    agent = await createCrashingAgent();
  });
  afterAll(async () => {
    await agent.close();
  });

  it('leaves nothing, once the next agent has been there', { timeout: 300_000 }, async () => {
    for (let killAt = 1; ; killAt += 1) {
      expect(killAt).toBeLessThan(MOST_STEPS);
      const { before, report, signal } = await agent.run(['ephemeral', 'expire'], killAt);
      expect(before).toMatchObject({ state: 'active', lease: { lengthMs: 3_600_000 } });
      if (report !== null) {
        expectNothingLeft(report);
        break;
      }
      expect(signal).toBe('SIGKILL');
      kills += 1;
      const next = await agent.run(['expire'], 0);
      if (next.report === null) throw new TypeError(`the agent did not recover: ${next.output}`);
      expectNothingLeft(next.report);
    }
    expect(kills).toBeGreaterThan(5);
  });
});

function expectNothingLeft(report: Report): void {
  expect(report).toMatchObject({
    compute: null,
    instances: [],
    data: [],
    snapshots: [],
    kept: [],
    purgedWithSecrets: [],
    verify: { isConsistent: true, differences: [] },
  });
  expect(report.segments.filter(({ lengthMs }) => lengthMs === null)).toEqual([]);
}
