import fc from 'fast-check';

import { DEPTHS, LIFECYCLE, type Compute, type ComputeEventType, type State } from '../../src/lib/domain/index.ts';
import { hasCode } from '../../src/lib/errors/index.ts';
import type { Store } from '../../src/lib/store/index.ts';
import { eventOf, specOf } from './compute-events.ts';

/** One thing that happens to one of a few computes, legal or not, some time after the one before. */
export interface LifeStep {
  readonly who: number;
  readonly what: number;
  readonly passedMs: number;
  /** Share of the time passed by which a start was known late, or that a measured length falls short. */
  readonly share: number;
}

/** Evenly spread, which `fc.double` is not: most of its values are next to nothing. */
export const share: fc.Arbitrary<number> = fc.nat(1000).map((permille) => permille / 1000);

const DAY_MS = 86_400_000;

export const lifeSteps: fc.Arbitrary<LifeStep[]> = fc.array(
  fc.record({
    who: fc.nat(3),
    what: fc.integer({ min: 0, max: 1_000_000 }),
    passedMs: fc.oneof({ weight: 3, arbitrary: fc.nat(20_000) }, { weight: 1, arbitrary: fc.nat(6 * DAY_MS) }),
    share,
  }),
  { maxLength: 80, size: 'max' },
);

const ALL_EVENTS = [
  ...new Set(Object.values(LIFECYCLE).flatMap((events) => Object.keys(events))),
] as ComputeEventType[];

/** Lives the steps on a store. @returns how many were taken, how many refused, and when it ended. */
export function live(store: Store, steps: readonly LifeStep[]): { taken: number; refused: number; endMs: number } {
  let atMs = 1_700_000_000_000;
  let taken = 0;
  let refused = 0;
  for (const step of steps) {
    atMs += step.passedMs + 1;
    if (takeStep(store, step, atMs)) taken += 1;
    else refused += 1;
  }
  return { taken, refused, endMs: atMs };
}

function takeStep(store: Store, step: LifeStep, atMs: number): boolean {
  const id = `c${step.who}`;
  const compute = store.getCompute(id);
  const type = compute === null ? 'createRequested' : chooseEvent(compute.state, step.what);
  const open = store.openSegment(id);
  try {
    store.append(
      id,
      eventOf(type, {
        // Two computes share a name, which is so sometimes in use.
        spec: specOf(id, { name: `n${Math.min(step.who, 2)}`, project: 'p', size: sizeOf(step.who) }),
        // A size begins where the one before it ends.
        segmentStartedAtMs: type === 'resized' ? atMs : atMs - Math.floor(step.passedMs * step.share),
        segmentLengthMs: open === null ? null : Math.floor((atMs - open.startedAtMs) * step.share),
        cause: step.what % 3 === 0 ? 'resume' : 'wake',
        depth: DEPTHS[step.what % DEPTHS.length] ?? 'parked',
        keptUntilMs: step.what % 2 === 0 ? atMs + DAY_MS : null,
      }),
      atMs,
    );
    return true;
  } catch (error) {
    if (isRefusal(error) && isUnchanged(store, id, compute)) return false;
    throw error;
  }
}

/** Mostly what goes on in a state, seldom its end, and now and then what is not legal. */
function chooseEvent(state: State, what: number): ComputeEventType {
  const legal = Object.keys(LIFECYCLE[state]) as ComputeEventType[];
  if (what % 20 === 0) return 'refused';
  if (what % 20 === 1) return pick(ALL_EVENTS, what);
  const usual = legal.filter((type) => type !== 'destroyRequested' && type !== 'failed' && type !== 'settingsChanged');
  return pick(what % 4 === 0 || usual.length === 0 ? legal : usual, what >> 3);
}

function pick<Item>(items: readonly Item[], choice: number): Item {
  return items[choice % items.length]!;
}

function sizeOf(who: number): Compute['size'] {
  const cu = (who + 1) / 4;
  return { min: cu, max: cu, now: cu };
}

function isRefusal(error: unknown): boolean {
  return (['STATE_CONFLICT', 'NAME_IN_USE', 'NOTHING_TO_RESTORE'] as const).some((code) => hasCode(error, code));
}

function isUnchanged(store: Store, id: string, before: Compute | null): boolean {
  return JSON.stringify(store.getCompute(id)) === JSON.stringify(before);
}
