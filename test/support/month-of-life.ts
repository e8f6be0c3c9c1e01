import type { Depth } from '../../src/lib/domain/index.ts';
import type { Store } from '../../src/lib/store/index.ts';
import { createRandom, type Random } from '../office-hours/random.ts';
import { createHarness, type Harness } from './control-harness.ts';

/** What somebody who looked on would have written down: which compute was how, from when until when. */
export interface Seen {
  readonly computeId: string;
  readonly compute: string;
  readonly project: string;
  readonly kind: 'active' | 'frozen' | 'hibernated';
  readonly cu: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Of traffic and storage: how much in which hour. */
export interface Counted {
  readonly computeId: string;
  readonly compute: string;
  readonly project: string;
  readonly hourMs: number;
  readonly kind: 'sentBytes' | 'byteSeconds';
  readonly amount: bigint;
}

export interface Existence {
  readonly computeId: string;
  readonly compute: string;
  readonly project: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly maxCu: number;
}

export interface MonthOfLife {
  readonly harness: Harness;
  readonly store: Store;
  readonly seen: readonly Seen[];
  readonly counted: readonly Counted[];
  /** When each was there, and how large it could be; a change of size begins another. */
  readonly existence: readonly Existence[];
}

interface One {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly bytes: number;
  cu: number;
  kind: Seen['kind'] | 'gone' | 'deep';
  sinceMs: number;
  sizedMs: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DEPTHS: readonly Depth[] = ['frozen', 'hibernated', 'parked', 'stopped'];
const SIZES = [0.25, 0.5, 1, 1.75];

/**
 * A month, and a day before and after it, of doze's own control plane and ledger on a clock that is moved: computes of two
 * projects sleep and wake, change their size, come and go, and the agent is killed now and then. The same for the same seed.
 */
export async function liveAMonth(seed: number, month: { beginMs: number; endMs: number }): Promise<MonthOfLife> {
  const random = createRandom(seed);
  let harness = await createHarness({ ladder: [], gatewayPorts: { from: 20_000, to: 20_099 } });
  const { clock, store, world } = harness;
  world.hibernation.isPossible = true;
  const seen: Seen[] = [];
  const existence: Existence[] = [];
  const counted: Counted[] = [];
  const all: One[] = [];

  const note = (one: One, next: One['kind']): void => {
    const { id: computeId, name: compute, project, kind, cu, sinceMs: fromMs } = one;
    const untilMs = clock.wallMs();
    if (kind !== 'gone' && kind !== 'deep') seen.push({ computeId, compute, project, kind, cu, fromMs, untilMs });
    Object.assign(one, { kind: next, sinceMs: untilMs });
  };
  const noteSize = (one: One): void => {
    const { id: computeId, name: compute, project, cu: maxCu, sizedMs: fromMs } = one;
    existence.push({ computeId, compute, project, fromMs, untilMs: clock.wallMs(), maxCu });
    one.sizedMs = clock.wallMs();
  };
  const create = async (project: string, name: string): Promise<void> => {
    const cu = pick(random, SIZES);
    const size = { min: cu, max: cu };
    const { compute } = await harness.control.operations.start(project, name, { size }, () => undefined);
    const nowMs = clock.wallMs();
    const bytes = Math.floor(random.between(1e8, 4e9));
    all.push({ id: compute.id, name, project, bytes, cu, kind: 'active', sinceMs: nowMs, sizedMs: nowMs });
  };

  async function change(one: One): Promise<void> {
    const { operations, host } = harness.control;
    const chance = random.next();
    if (one.kind !== 'active') {
      await host.wake(one.id, AbortSignal.any([]));
      note(one, 'active');
    } else if (chance < 0.6) {
      const depth = pick(random, DEPTHS);
      await operations.suspend(one.project, one.name, { depth }, () => undefined);
      note(one, depth === 'frozen' || depth === 'hibernated' ? depth : 'deep');
    } else if (chance < 0.8) {
      const cu = pick(random, SIZES);
      await operations.resize(one.project, one.name, { min: cu, max: cu }, () => undefined);
      note(one, 'active');
      if (cu !== one.cu) noteSize(one);
      one.cu = cu;
    } else if (chance < 0.85) {
      await operations.destroy(one.project, one.name, {}, () => undefined);
      note(one, 'gone');
      noteSize(one);
      await create(one.project, `${one.name.split('-')[0] ?? ''}-${all.length}`);
    } else {
      const amount = BigInt(Math.floor(random.between(1, 3e9)));
      store.heartbeat([], {
        atMs: clock.wallMs(),
        deltas: [{ computeId: one.id, bytesIn: 10, bytesOut: Number(amount), queries: 1 }],
      });
      counted.push({ ...ownerOf(one), hourMs: hourOf(clock.wallMs()), kind: 'sentBytes', amount });
    }
  }

  /** As the sampler does it: what each had in the hours that have passed. */
  function countStorage(fromMs: number, untilMs: number): void {
    for (const one of all) {
      if (one.kind === 'gone') continue;
      const hours = [];
      for (let hourMs = hourOf(Math.max(fromMs, one.sizedMs)); hourMs + HOUR_MS <= untilMs; hourMs += HOUR_MS) {
        if (hourMs < fromMs) continue;
        const byteSeconds = BigInt(one.bytes) * 3600n;
        hours.push({ hourMs, byteSeconds });
        counted.push({ ...ownerOf(one), hourMs, kind: 'byteSeconds', amount: byteSeconds });
      }
      store.accountStorage([{ computeId: one.id, level: null, hours }]);
    }
  }

  await clock.leap(month.beginMs - 20 * HOUR_MS - clock.wallMs());
  for (const [project, name] of [
    ['shop', 'web'],
    ['shop', 'reports'],
    ['blog', 'pages'],
  ] as const) {
    await create(project, name);
    await clock.leap(17 * MINUTE_MS);
  }
  let storedMs = hourOf(clock.wallMs());
  while (clock.wallMs() < month.endMs + 20 * HOUR_MS) {
    await clock.leap(Math.floor(random.between(MINUTE_MS / 7, random.next() < 0.1 ? 30 * HOUR_MS : 2.5 * HOUR_MS)));
    countStorage(storedMs, hourOf(clock.wallMs()));
    storedMs = hourOf(clock.wallMs());
    const living = all.filter(({ kind }) => kind !== 'gone');
    await change(pick(random, living));
    if (random.next() < 0.03) {
      harness.control.close();
      harness = await harness.restartAgent();
    }
  }
  for (const one of all) {
    if (one.kind === 'gone') continue;
    note(one, one.kind);
    noteSize(one);
  }
  return { harness, store, seen, counted, existence };
}

function ownerOf({ id, name, project }: One): Pick<Counted, 'computeId' | 'compute' | 'project'> {
  return { computeId: id, compute: name, project };
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random.next() * items.length)]!;
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}
