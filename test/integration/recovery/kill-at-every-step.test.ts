import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Compute } from '../../../src/lib/domain/index.ts';
import { createCrashingAgent, type CrashingAgent, type Outcome, type Report } from '../../support/crashing-agent.ts';

/** A transition, what must be so before it, and how to get back there for the next try. */
interface Transition {
  readonly operation: string;
  readonly before: string;
  readonly undo: readonly string[];
}

const TRANSITIONS: readonly Transition[] = [
  { operation: 'create', before: 'none', undo: ['destroy:purge'] },
  { operation: 'suspend:frozen', before: 'active', undo: ['wake'] },
  { operation: 'wake', before: 'suspended:frozen', undo: ['suspend:frozen'] },
  { operation: 'suspend:hibernated', before: 'active', undo: ['wake'] },
  { operation: 'wake', before: 'suspended:hibernated', undo: ['suspend:hibernated'] },
  { operation: 'suspend:parked', before: 'active', undo: ['wake'] },
  { operation: 'wake', before: 'suspended:parked', undo: ['suspend:parked'] },
  { operation: 'suspend:stopped', before: 'active', undo: ['wake'] },
  { operation: 'wake', before: 'suspended:stopped', undo: ['suspend:stopped'] },
  { operation: 'suspend:removed', before: 'active', undo: ['wake'] },
  { operation: 'wake', before: 'suspended:removed', undo: ['suspend:removed'] },
  { operation: 'resize:0.5', before: 'active', undo: ['resize:0.25'] },
  { operation: 'resize:0.25', before: 'active', undo: ['resize:0.5'] },
  { operation: 'destroy', before: 'active', undo: ['restore'] },
  { operation: 'restore', before: 'destroyed', undo: ['destroy'] },
  { operation: 'destroy:purge', before: 'active', undo: ['create'] },
];

/** More steps than any transition has: the loop must end by itself, not by this bound. */
const MOST_STEPS = 30;

describe('an agent killed at every step of every transition, on Docker', () => {
  let agent: CrashingAgent;
  /** Rows written, by compute; and how often the agent was killed in all. */
  const rows = new Map<string, number>();
  let kills = 0;

  beforeAll(async () => {
    agent = await createCrashingAgent();
  });
  afterAll(async () => {
    await agent.close();
  });

  for (const { operation, before, undo } of TRANSITIONS) {
    it(`loses nothing when ${operation} dies anywhere (before: ${before})`, { timeout: 300_000 }, async () => {
      let undone: readonly string[] = [];
      for (let killAt = 1; ; killAt += 1) {
        expect(killAt).toBeLessThan(MOST_STEPS);
        const outcome = await agent.run([...undone, operation], killAt);
        expect(stateOf(outcome.before)).toBe(before);
        const report = outcome.report ?? (await recover(outcome));
        await checkNothingLost(report);
        if (outcome.report !== null) break;
        // The state does not tell one size from another.
        undone = stateOf(report.compute) !== before || operation.startsWith('resize') ? undo : [];
      }
    });
  }

  it('was killed at many steps, so that the cases above are not empty', () => {
    expect(kills).toBeGreaterThan(50);
  });

  async function recover(outcome: Outcome): Promise<Report> {
    expect(outcome.signal).toBe('SIGKILL');
    kills += 1;
    const { report, output } = await agent.run(['recover'], 0);
    if (report === null) throw new TypeError(`the agent did not recover: ${output}`);
    return report;
  }

  async function checkNothingLost(report: Report): Promise<void> {
    expect(report.verify).toEqual({ isConsistent: true, differences: [] });
    expect(['none', 'active', 'destroyed']).toContain(
      stateOf(report.compute).split(':')[0]?.replace('suspended', 'active'),
    );
    checkInstances(report);
    checkLedger(report);
    if (stateOf(report.compute) !== 'active') return;
    const id = report.compute?.id ?? '';
    const written = rows.get(id) ?? 0;
    expect(await agent.countRows(report)).toBe(written);
    await agent.writeRow(report);
    rows.set(id, written + 1);
  }
});

function stateOf(compute: Compute | null): string {
  if (compute === null) return 'none';
  if (compute.state === 'destroyed') return compute.keptUntilMs === null ? 'none' : 'destroyed';
  return compute.state === 'suspended' ? `suspended:${compute.depth ?? ''}` : compute.state;
}

/** No orphan and no lost compute: what exists on Docker is exactly what the record says. */
function checkInstances(report: Report): void {
  const state = stateOf(report.compute);
  const wanted: Record<string, readonly string[]> = {
    active: ['running'],
    'suspended:frozen': ['frozen'],
    'suspended:hibernated': ['frozen'],
    'suspended:parked': ['parked'],
    'suspended:stopped': ['stopped'],
  };
  expect(report.instances.map((instance) => instance.state)).toEqual(wanted[state] ?? []);
  if (state === 'active') expect(report.instances[0]?.cu).toBe(report.compute?.size.now);
  expect(report.data).toEqual(state === 'none' ? [] : [report.compute?.id]);
}

/**
 * No lost and no double second: segments follow each other, one is open exactly while it is active or sleeps with its
 * process kept, and its length is the time since.
 */
function checkLedger(report: Report): void {
  const { compute } = report;
  if (compute === null) return;
  const segments = report.segments.filter((segment) => segment.computeId === compute.id);
  segments.slice(1).forEach((segment, index) => {
    const previous = segments[index];
    if (previous === undefined) return;
    expect(segment.startedAtMs).toBeGreaterThanOrEqual(previous.startedAtMs + previous.nowMs - 1_000);
  });
  const open = segments.filter((segment) => segment.lengthMs === null);
  const isMetered = ['active', 'suspended:frozen', 'suspended:hibernated'].includes(stateOf(report.compute));
  expect(open).toHaveLength(isMetered ? 1 : 0);
  for (const segment of open) {
    expect(Math.abs(segment.startedAtMs + segment.nowMs - report.wallMs)).toBeLessThan(1_000);
  }
}
