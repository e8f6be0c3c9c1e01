import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Segment } from '../../../src/lib/domain/index.ts';
import { usageReport } from '../../../src/lib/metering/index.ts';
import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { lifeSteps, live, share } from '../../support/random-life.ts';

/** In integers again: thousandths of a second, and quarters of those. */
interface Counted {
  readonly activeMs: number;
  readonly frozenMs: number;
  readonly hibernatedMs: number;
  readonly quarterCuMs: number;
  readonly wakes: number;
}

interface Line {
  readonly computeId: string | null;
  readonly activeSeconds: number;
  readonly frozenSeconds: number;
  readonly hibernatedSeconds: number;
  readonly cuSeconds: number;
  readonly wakes: number;
}

describe('usage after any life of computes', () => {
  it('of adjacent windows adds up to that of the whole, for each compute', () => {
    const cuts = fc.array(share, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lifeSteps, cuts, (steps, shares) => {
        const { store, startMs, endMs } = lived(steps);
        const edges = [0, ...shares, 1].sort((a, b) => a - b).map((at) => startMs + Math.floor((endMs - startMs) * at));
        const whole = countedById(store, startMs, endMs);
        const parts = new Map<string, Counted>();
        for (const [index, sinceMs] of edges.slice(0, -1).entries()) {
          for (const [id, part] of countedById(store, sinceMs, edges[index + 1]!))
            parts.set(id, plus(parts.get(id), part));
        }
        expect(parts).toEqual(whole);
        store.close();
      }),
      { numRuns: 80 },
    );
  });

  it('is what adding up every segment by hand gives', () => {
    fc.assert(
      fc.property(lifeSteps, share, share, (steps, a, b) => {
        const { store, startMs, endMs } = lived(steps);
        const [sinceMs, untilMs] = [a, b]
          .sort((x, y) => x - y)
          .map((at) => startMs + Math.floor((endMs - startMs) * at)) as [number, number];
        const ms = { active: 0, frozen: 0, hibernated: 0 };
        for (const segment of store.segments({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })) {
          const segmentEndMs = segment.startedAtMs + (segment.lengthMs ?? openLengthMs(segment));
          ms[segment.depth ?? 'active'] += Math.max(
            0,
            Math.min(segmentEndMs, untilMs) - Math.max(segment.startedAtMs, sinceMs),
          );
        }
        const { total } = usageReport(store, { sinceMs, untilMs }, openLengthMs);
        expect(Math.round(total.activeSeconds * 1000)).toBe(ms.active);
        expect(Math.round(total.frozenSeconds * 1000)).toBe(ms.frozen);
        expect(Math.round(total.hibernatedSeconds * 1000)).toBe(ms.hibernated);
        store.close();
      }),
      { numRuns: 80 },
    );
  });

  it('of projects and in total is the sum of the lines', () => {
    fc.assert(
      fc.property(lifeSteps, (steps) => {
        const { store, startMs, endMs } = lived(steps);
        const { computes, projects, total } = usageReport(store, { sinceMs: startMs, untilMs: endMs }, openLengthMs);
        const sum = computes.map(counted).reduce<Counted>((all, line) => plus(all, line), NOTHING);
        expect(projects.map(counted).reduce<Counted>((all, line) => plus(all, line), NOTHING)).toEqual(sum);
        expect(counted({ computeId: null, ...total })).toEqual(sum);
        store.close();
      }),
      { numRuns: 80 },
    );
  });
});

const NOTHING: Counted = { activeMs: 0, frozenMs: 0, hibernatedMs: 0, quarterCuMs: 0, wakes: 0 };

function lived(steps: Parameters<typeof live>[1]): { store: Store; startMs: number; endMs: number } {
  const store = createStore({ path: ':memory:' });
  const { endMs } = live(store, steps);
  const startMs = store.listEvents({ limit: 1, afterSeq: 0 })[0]?.atMs ?? endMs;
  return { store, startMs, endMs: endMs + 20_000 };
}

/** The same every time it is asked, and different for each segment. */
function openLengthMs(segment: Segment): number {
  return (segment.id * 7919) % 100_000;
}

function countedById(store: Store, sinceMs: number, untilMs: number): Map<string, Counted> {
  const { computes } = usageReport(store, { sinceMs, untilMs }, openLengthMs);
  const active = computes.map((line) => [line.computeId, counted(line)] as const);
  return new Map(active.filter(([, line]) => JSON.stringify(line) !== JSON.stringify(NOTHING)));
}

function counted(line: Line): Counted {
  return {
    activeMs: Math.round(line.activeSeconds * 1000),
    frozenMs: Math.round(line.frozenSeconds * 1000),
    hibernatedMs: Math.round(line.hibernatedSeconds * 1000),
    quarterCuMs: Math.round(line.cuSeconds * 4000),
    wakes: line.wakes,
  };
}

function plus(a: Counted = NOTHING, b: Counted): Counted {
  return {
    activeMs: a.activeMs + b.activeMs,
    frozenMs: a.frozenMs + b.frozenMs,
    hibernatedMs: a.hibernatedMs + b.hibernatedMs,
    quarterCuMs: a.quarterCuMs + b.quarterCuMs,
    wakes: a.wakes + b.wakes,
  };
}
