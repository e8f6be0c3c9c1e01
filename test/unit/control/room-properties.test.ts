import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Compute, ComputeEvent } from '../../../src/lib/domain/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';
import { settle } from '../../support/simulated-clock.ts';

const LIMIT_CU = 1.5;
const NAMES = ['a', 'b', 'c', 'd', 'e'];
const VERBS = ['start', 'suspend', 'resize'] as const;
const quiet = (): undefined => undefined;

const which = fc.constantFrom(...NAMES);
const size = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 }))
  .map(([min, more]) => ({ min: min / 4, max: (min + more) / 4 }));
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wake' as const), name: which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), at: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('suspend' as const), name: which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resize' as const), name: which, size }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), name: which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('load' as const), name: which, cpus: fc.integer({ min: 0, max: 2 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'fail' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stall' as const), verb: fc.constantFrom(...VERBS) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'goOn' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 100, max: 4_000 }) }) },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

interface Client {
  readonly name: string;
  readonly leaving: AbortController;
  hasEnded: boolean;
}

/** A full host, and whoever watches it: what is awake at every record, and who waits in which order. */
class Watched {
  readonly clients: Client[] = [];
  /** What must not be, where it was seen: thrown there, it would be taken for a failure of what is tested. */
  readonly faults: string[] = [];
  /** Lets go on what is stalled. */
  readonly stalled: (() => void)[] = [];
  /** These keep their place. */
  readonly restarting = new Set<string>();
  /** What people asked for and have no answer to. */
  readonly unanswered = new Set<Promise<unknown>>();
  /** Those that wait, in order of arrival. */
  line: string[] = [];
  private readonly awake = new Map<string, number>();
  private readonly leaving = new Set<string>();
  readonly harness: Harness;

  constructor(harness: Harness) {
    this.harness = harness;
    const append = harness.store.append.bind(harness.store);
    harness.store.append = (id, event, atMs) => {
      const compute = append(id, event, atMs);
      this.note(compute, event);
      return compute;
    };
  }

  private note({ id, name, state, size: { now } }: Compute, event: ComputeEvent): void {
    if (event.type === 'resumeRequested') this.noteStart(name);
    const ends = state === 'suspending' && (this.awake.has(id) || this.leaving.has(id));
    if (ends) this.leaving.add(id);
    else this.leaving.delete(id);
    if (ends || state === 'active' || state === 'resuming' || state === 'creating') this.awake.set(id, now);
    else this.awake.delete(id);
    const awakeCu = [...this.awake.values()].reduce((sum, cu) => sum + cu, 0);
    if (awakeCu > LIMIT_CU) this.faults.push(`${awakeCu} CU are awake with ${event.type} of ${name}`);
  }

  /** One before it that has its place by now is not passed: it only has something else to end first. */
  private noteStart(name: string): void {
    const at = this.line.indexOf(name);
    const before = at < 0 ? this.line : this.line.slice(0, at);
    const passed = before.find((other) => this.placeInLine(other) !== null);
    if (passed !== undefined && !this.restarting.has(name)) this.faults.push(`${name} passed ${passed}`);
    this.line = this.line.filter((other) => other !== name);
  }

  /** How many it is told come before it; null if it does not wait. */
  private placeInLine(name: string): number | null {
    const why = this.harness.control.host.whyWaiting(this.harness.compute(name).id);
    return why === null ? null : Number(/(\d+) before it/.exec(why)?.[1] ?? 0);
  }

  /** After everything has settled: who waits now and did not before, has come last. */
  noteLine(): void {
    const before = (name: string): number | null => this.placeInLine(name);
    const staying = this.line.filter((name) => before(name) !== null);
    const coming = NAMES.filter((name) => before(name) !== null && !staying.includes(name));
    this.line = [...staying, ...coming.toSorted((one, other) => (before(one) ?? 0) - (before(other) ?? 0))];
    // More where somebody waits for the same compute twice.
    for (const [at, name] of this.line.entries())
      if ((before(name) ?? 0) < at) this.faults.push(`${name} is told too few come before it`);
  }

  wake(name: string): void {
    const client: Client = { name, leaving: new AbortController(), hasEnded: false };
    this.clients.push(client);
    const end = (): void => {
      client.hasEnded = true;
    };
    this.harness.control.host.wake(this.harness.compute(name).id, client.leaving.signal).then(end, end);
  }

  goOn(): void {
    for (const letGo of this.stalled.splice(0)) letGo();
  }

  leave(at: number): void {
    const client = this.clients[at % Math.max(1, this.clients.length)];
    if (client === undefined) return;
    client.leaving.abort();
    const isLast = this.clients.every(({ name, leaving }) => name !== client.name || leaving.signal.aborted);
    if (isLast) this.line = this.line.filter((name) => name !== client.name);
  }
}

/** Whatever is refused here is refused to somebody who is told. */
async function act(watched: Watched, what: Action): Promise<void> {
  const { harness } = watched;
  const { operations } = harness.control;
  const ask = (work: Promise<unknown>): void => {
    watched.unanswered.add(work);
    const end = (): void => void watched.unanswered.delete(work);
    work.then(end, end);
  };
  switch (what.do) {
    case 'wake':
      watched.wake(what.name);
      break;
    case 'leave':
      watched.leave(what.at);
      break;
    case 'suspend':
      ask(operations.suspend('default', what.name, {}, quiet));
      break;
    case 'resize':
      ask(operations.resize('default', what.name, what.size, quiet));
      break;
    case 'restart':
      watched.restarting.add(what.name);
      ask(operations.restart('default', what.name, {}, quiet).finally(() => watched.restarting.delete(what.name)));
      break;
    case 'load':
      await load(harness, what.name, what.cpus);
      break;
    case 'fail':
      harness.world.failNext('start', new DozeError('SERVER_START_FAILED', 'no'));
      break;
    case 'stall':
      watched.stalled.push(harness.world.holdNext(what.verb));
      break;
    case 'goOn':
      watched.goOn();
      break;
    case 'pass':
      await harness.clock.advance(what.ms);
  }
  await settle();
  watched.noteLine();
}

/** Uses so much CPU for long enough to be seen. */
async function load({ world, clock, compute }: Harness, name: string, cpus: number): Promise<void> {
  const { id } = compute(name);
  for (let look = 0; look < 3; look += 1) {
    const { cpuSeconds } = world.usage.get(id) ?? { cpuSeconds: 0 };
    world.usage.set(id, { cpuSeconds: cpuSeconds + cpus * 2, memoryBytes: 0 });
    await clock.advance(2_000);
  }
}

async function watchedHost(): Promise<Watched> {
  const harness = await createHarness({
    hostLimits: { here: LIMIT_CU, elsewhere: null },
    scaleDownAfterMs: 4_000,
    ladder: [{ depth: 'parked', afterMs: 60_000 }],
  });
  // One server for all: what belongs to its size is the same for each, so that their load is what decides.
  harness.engine.bufferPoolBytes = () => 1024 ** 3;
  for (const [at, name] of NAMES.entries()) {
    await harness.start(name, { size: { min: 0.5, max: at < 2 ? 0.5 : LIMIT_CU } });
    await harness.control.operations.suspend('default', name, {}, quiet);
  }
  return new Watched(harness);
}

describe('whatever happens on a full host', { timeout: 120_000 }, () => {
  it('no more is awake than it gives, nobody is passed, and everybody who waits is served or told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 30 }), async (actions) => {
        const watched = await watchedHost();
        for (const what of actions) await act(watched, what);
        // Nothing is stalled and nobody uses anything any more, so each has its turn.
        watched.goOn();
        await watched.harness.clock.advance(60_000);
        expect(watched.faults).toEqual([]);
        expect(watched.unanswered.size).toBe(0);
        expect(watched.clients.filter(({ hasEnded }) => !hasEnded)).toEqual([]);
        const [host] = watched.harness.control.hosts();
        const awake = watched.harness.store.listComputes({ states: ['active'] });
        expect(host).toMatchObject({ waiting: 0, awakeCu: awake.reduce((sum, { size: { now } }) => sum + now, 0) });
        watched.harness.control.close();
      }),
      { numRuns: 60 },
    );
  });
});
