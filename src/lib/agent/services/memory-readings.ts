import { createDeadline, type Clock } from '../../clock.ts';
import { keepsProcess, type Compute } from '../../domain/index.ts';
import type { Driver } from '../../drivers/index.ts';
import { DozeError } from '../../errors/index.ts';

/** How long a reading is good for: what sleeps hardly changes. */
const FRESH_MS = { active: 4_000, asleep: 60_000 } as const;
const READ_MS = 2_000;
/** A question costs the driver's daemon a few milliseconds: so many at once, and so many for one look. */
const AT_ONCE = 4;
const A_LOOK = 64;
/** A look waits no longer than this: what is not there then is there at the next one. */
const PATIENCE_MS = 300;

/** What servers hold in memory, by compute; those that do not run, or of which it is not known, are not in it. */
export type MemoryReadings = (computes: readonly Compute[]) => Promise<ReadonlyMap<string, number>>;

interface Reading {
  readonly bytes: number | null;
  readonly atMs: number;
}

/** Nothing is read between looks. */
export function createMemoryReadings(clock: Clock, driverOf: (compute: Compute) => Driver): MemoryReadings {
  const known = new Map<string, Reading>();
  const underWay = new Set<string>();

  const isStale = ({ id, state }: Compute): boolean => {
    const last = known.get(id);
    const freshMs = state === 'active' ? FRESH_MS.active : FRESH_MS.asleep;
    return !underWay.has(id) && (last === undefined || clock.monotonicMs() - last.atMs >= freshMs);
  };
  const read = async (compute: Compute): Promise<void> => {
    const bytes = await ask(driverOf(compute), compute.id);
    known.set(compute.id, { bytes, atMs: clock.monotonicMs() });
    underWay.delete(compute.id);
  };
  const readInTurn = async (waiting: Compute[]): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await read(next);
  };

  return async (computes) => {
    const running = computes.filter(hasProcess);
    forgetAllBut(running, known);
    const stale = running.filter(isStale).toSorted(activeFirst).slice(0, A_LOOK);
    for (const { id } of stale) underWay.add(id);
    const readers = Array.from({ length: AT_ONCE }, () => readInTurn(stale));
    const enough = new AbortController();
    await Promise.race([Promise.all(readers), clock.sleep(PATIENCE_MS, enough.signal).catch(() => undefined)]);
    enough.abort();
    const readings = new Map<string, number>();
    for (const [id, { bytes }] of known) if (bytes !== null) readings.set(id, bytes);
    return readings;
  };
}

function hasProcess({ state, depth }: Compute): boolean {
  return state === 'active' || (state === 'suspended' && depth !== null && keepsProcess(depth));
}

function activeFirst(a: Compute, b: Compute): number {
  return Number(b.state === 'active') - Number(a.state === 'active');
}

/** Null where it cannot be told: a look at all is not to fail for one. */
async function ask(driver: Driver, id: string): Promise<number | null> {
  using deadline = createDeadline(READ_MS, () => new DozeError('TIMED_OUT', 'its memory could not be read in time'));
  try {
    return (await driver.usage(id, deadline.signal))?.memoryBytes ?? null;
  } catch {
    return null;
  }
}

function forgetAllBut(running: readonly Compute[], known: Map<string, Reading>): void {
  const ids = new Set(running.map(({ id }) => id));
  for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
}
