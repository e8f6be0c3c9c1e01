import { keepsProcess, type Ladder, type Segment, type SizeRange } from '../../src/lib/domain/index.ts';
import { usageReport, type UsageTotals } from '../../src/lib/metering/index.ts';
import { createHarness, type Harness } from '../support/control-harness.ts';
import { STEP_MS, type Demand } from './demand.ts';
import { DAY_MS } from './office-day.ts';
import { createServerModel, type ServerModel } from './server-model.ts';

/** How a compute is kept. */
export interface Policy {
  readonly name: string;
  readonly size: SizeRange;
  readonly ladder: Ladder;
}

export interface Day {
  readonly policy: Policy;
  /** By the ledger. */
  readonly usage: UsageTotals;
  /** What the ledger's report is made from, cut to the day. */
  readonly segments: readonly Segment[];
  readonly midnightMs: number;
  readonly resizes: number;
  /** Seconds in which something had to wait for CPU. */
  readonly waitedSeconds: number;
}

const NAME = 'office';
/** Made in the evening before, so that the day begins with whatever the policy makes of a night. */
const MADE_BEFORE_MS = 10 * 60_000;
/** While it sleeps only its ladder has something to do. */
const SLEEPING_STEPS = 15;

/**
 * A day of doze's own control plane, on a clock that is moved: its idle watch, its ladder, its sizing and its ledger, with a
 * driver and a gate that only pretend.
 */
export async function liveThrough(policy: Policy, demand: readonly (Demand | null)[]): Promise<Day> {
  const harness = await createHarness();
  const { clock, control, store, world, engine } = harness;
  world.hibernation.isPossible = true;
  await clock.leap(DAY_MS - (clock.wallMs() % DAY_MS) - MADE_BEFORE_MS);
  const { id } = await harness.start(NAME, { size: policy.size, ladder: policy.ladder });
  const server = createServerModel(engine);
  for (let passedMs = 0; passedMs < MADE_BEFORE_MS; passedMs += STEP_MS) await pass(harness, 1);

  const midnightMs = clock.wallMs();
  let waitedSteps = 0;
  for (let step = 0; step < demand.length;) {
    const wanted = demand[step] ?? null;
    if (wanted !== null || server.isBehind) await act(harness, id);
    const { state, depth, size } = harness.compute(NAME);
    if (state === 'active' && server.work(wanted, size.now)) waitedSteps += 1;
    world.usage.set(id, server.usage());
    if (state === 'suspended' && depth !== null && !keepsProcess(depth)) server.end();
    const steps = stepsToPass(demand, step, harness, server);
    await pass(harness, steps);
    step += steps;
  }

  const window = { fromMs: midnightMs, toMs: midnightMs + demand.length * STEP_MS };
  const query = { sinceMs: window.fromMs, untilMs: window.toMs };
  const { total } = usageReport(store, query, (segment) => control.openLengthMs(segment));
  const segments = [...store.segments(window)].map((segment) => cut(segment, control, window));
  const resizes = store.listEvents({ types: ['resized'] }).filter(({ atMs }) => atMs >= midnightMs).length;
  control.close();
  store.close();
  return { policy, usage: total, segments, midnightMs, resizes, waitedSeconds: (waitedSteps * STEP_MS) / 1_000 };
}

/** A client's command: it wakes what sleeps, and is seen by whoever looks for idleness. */
async function act({ control, gate, clock }: Harness, id: string): Promise<void> {
  await control.host.wake(id, AbortSignal.any([]));
  gate.lastActivity = clock.monotonicMs();
}

/** What is awake is looked at in every step; what sleeps, or never sleeps and is never sized, only when somebody comes. */
function stepsToPass(demand: readonly (Demand | null)[], step: number, harness: Harness, server: ServerModel): number {
  const { state, size, suspendAfterMs } = harness.compute(NAME);
  const isWatched = state !== 'suspended' && !(suspendAfterMs === null && size.min === size.max);
  if (isWatched || server.isBehind) return 1;
  const most = Math.min(SLEEPING_STEPS, demand.length - step);
  const next = demand.slice(step + 1, step + most).findIndex((wanted) => wanted !== null);
  return next === -1 ? most : next + 1;
}

async function pass({ clock }: Harness, steps: number): Promise<void> {
  if (steps === 1) await clock.advance(STEP_MS);
  else await clock.leap(steps * STEP_MS);
}

function cut(
  segment: Segment,
  control: Harness['control'],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Segment {
  const lengthMs = segment.lengthMs ?? control.openLengthMs(segment);
  const beganMs = Math.max(segment.startedAtMs, fromMs);
  return { ...segment, startedAtMs: beganMs, lengthMs: Math.min(segment.startedAtMs + lengthMs, toMs) - beganMs };
}
