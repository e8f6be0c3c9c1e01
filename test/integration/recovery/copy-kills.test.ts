import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createCrashingAgent, type CrashingAgent, type Report } from '../../support/crashing-agent.ts';

/** What dies, and what is so again before the next try. */
interface Case {
  readonly operation: string;
  /** Before each try, as the try before it may have got anywhere. */
  readonly before: readonly string[];
  readonly check: (report: Report, agent: CrashingAgent) => Promise<void> | void;
}

const MOST_STEPS = 40;
/** Inside of a copy there is no step: it is died in by the clock. */
const MOMENTS = ['t800'] as const;

const CASES: readonly Case[] = [
  {
    operation: 'snapshot:one',
    before: ['wake'],
    check: ({ snapshots, kept }) => {
      expect(snapshots.every(({ state }) => state === 'ready')).toBe(true);
      expect(kept.map(({ snapshotId }) => snapshotId)).toEqual(snapshots.map(({ id }) => id));
      expect(kept.every(({ isComplete }) => isComplete)).toBe(true);
    },
  },
  {
    operation: 'clone',
    before: ['unclone', 'wake'],
    check: async (report, agent) => {
      if (report.twin === null) return;
      expect(report.twin.state).toBe('active');
      expect(await agent.countTwinRows(report)).toBe(2);
    },
  },
  {
    operation: 'clone:one',
    before: ['unclone', 'suspend:parked'],
    check: async (report, agent) => {
      if (report.twin === null) return;
      expect(report.twin.state).toBe('active');
      expect(await agent.countTwinRows(report)).toBe(2);
    },
  },
];

describe('an agent killed at the steps of a copy, on Docker', () => {
  let agent: CrashingAgent;
  let kills = 0;

  beforeAll(async () => {
    agent = await createCrashingAgent();
    const report = await live('create');
    await agent.writeRow(report);
    await agent.writeRow(report);
  });
  afterAll(async () => {
    await agent.close();
  });

  async function live(...operations: readonly string[]): Promise<Report> {
    const { report, output, signal } = await agent.run(operations, 0);
    if (report === null)
      throw new TypeError(`the agent did not finish ${operations.join(', ')} (${String(signal)}): ${output}`);
    return report;
  }

  async function dieIn(operations: readonly string[], killAt: number | `t${number}`): Promise<Report | null> {
    const outcome = await agent.run(operations, killAt);
    if (outcome.report !== null) return null;
    expect(outcome.signal).toBe('SIGKILL');
    kills += 1;
    return live('recover');
  }

  for (const { operation, before, check } of CASES) {
    it(`leaves ${operation} done, or as if it had not been asked for`, { timeout: 400_000 }, async () => {
      for (let killAt = 1; killAt < MOST_STEPS; killAt += 1) {
        const report = await dieIn([...before, operation], killAt);
        if (report === null) break;
        expect(report.verify.differences).toEqual([]);
        await check(report, agent);
      }
      await check(await live(operation === 'snapshot:one' ? operation : 'recover'), agent);
      for (const moment of MOMENTS) {
        const report = await dieIn([...before, operation], moment);
        if (report !== null) await check(report, agent);
      }
      await live('unclone', 'wake');
    });
  }

  it('puts a compute back to its snapshot, or leaves it as it was', { timeout: 400_000 }, async () => {
    for (const killAt of [4, 8, 9, 10, 12]) {
      const awake = await live('wake');
      await agent.writeRow(awake);
      const rows = await agent.countRows(awake);
      const { output, report } = await agent.run(['back:one'], killAt);
      if (report === null) kills += 1;
      const after = await live('wake');
      expect(after.verify.differences).toEqual([]);
      expect(after.compute?.restoring).toBeUndefined();
      const isAskedFor = output.includes('after snapshotRestoreRequested');
      expect(await agent.countRows(after)).toBe(isAskedFor ? 2 : rows);
    }
    expect(await agent.countRows(await live('back:one'))).toBe(2);
  });

  it('deletes a snapshot, or keeps it whole', { timeout: 400_000 }, async () => {
    for (let killAt = 1; killAt < MOST_STEPS; killAt += 1) {
      const report = await dieIn(['snapshot:two', 'forget:two'], killAt);
      if (report === null) break;
      expect(report.kept.map(({ snapshotId }) => snapshotId).sort()).toEqual(
        report.snapshots.map(({ id }) => id).sort(),
      );
      expect(report.snapshots.every(({ state }) => state === 'ready')).toBe(true);
    }
  });

  it('was killed at many steps, so that the cases above are not empty', () => {
    expect(kills).toBeGreaterThan(20);
  });
});
