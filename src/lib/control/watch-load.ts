import { clampSize, type Compute } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import { planSize, type LoadSample, type Lull, type SizeAsks } from './plan-size.ts';
import { resize } from './resize.ts';
import { readLoad, sampleOf, type LoadReading } from './sample-load.ts';

const TICK_MS = 2_000;
/** After a size that could not be had. Who needs more is not made to wait as long as who would do with less. */
const RETRY_UP_MS = 10_000;
const RETRY_DOWN_MS = 60_000;
/** What differs by less is the server's own rounding. */
const POOL_TOLERANCE_BYTES = 128 * 1024 ** 2;

/** What is remembered of a compute between two looks, from one start of its server to the next. */
interface Watched {
  readonly activeSinceMs: number;
  reading: LoadReading | null;
  lull: Lull | null;
  /** Whether the server is known to have what belongs to its size. */
  isFitted: boolean;
  /** Monotonic times before which nothing of the kind is tried again. */
  readonly notBeforeMs: { look: number; fit: number; up: number; down: number };
}

/** Sizes active computes by their load. Never in anybody's way: what has something else to do is left for the next round. */
export function watchLoad(core: Core): Disposable {
  const watched = new Map<string, Watched>();
  const refusals = new Map<string, string>();
  const busy = new Set<string>();
  return core.clock.every(TICK_MS, () => {
    const active = core.store.listComputes({ states: ['active'] });
    forgetAllBut(active, watched, refusals);
    for (const compute of active) {
      const state = watchedOf(core, compute, watched);
      if (!isOfInterest(boundSize(core, compute), state) || busy.has(compute.id) || isBusy(core, compute)) continue;
      if (state.notBeforeMs.look > core.clock.monotonicMs()) continue;
      busy.add(compute.id);
      void look(core, compute, state)
        .then((isChanged) => isChanged && refusals.delete(compute.id))
        .catch((error: unknown) => sayOnce(core, compute, refusals, toDozeError(error).message))
        .finally(() => busy.delete(compute.id));
    }
  });
}

/** Those of a fixed size are looked at once after a start: they may have been started with another one's arguments. */
function isOfInterest({ size, storage }: Compute, { isFitted }: Watched): boolean {
  return storage === undefined && (!isFitted || size.min < size.max || size.now !== clampSize(size.now, size));
}

/** A project may let a compute have less than its own range says. */
function boundSize(core: Core, compute: Compute): Compute {
  return { ...compute, size: core.quotas.boundSize(compute.project, compute.size) };
}

function isBusy(core: Core, { id }: Compute): boolean {
  const cell = core.cells.of(id);
  return cell.endpoint === null || cell.queue.isBusy;
}

function watchedOf(core: Core, { id }: Compute, watched: Map<string, Watched>): Watched {
  const { activeSinceMs } = core.cells.of(id);
  const known = watched.get(id);
  if (known?.activeSinceMs === activeSinceMs) return known;
  const fresh = {
    activeSinceMs,
    reading: null,
    lull: null,
    isFitted: false,
    notBeforeMs: { look: 0, fit: 0, up: 0, down: 0 },
  };
  watched.set(id, fresh);
  return fresh;
}

/** @returns whether it was given another size */
async function look(core: Core, compute: Compute, state: Watched): Promise<boolean> {
  const { notBeforeMs } = state;
  const nowMs = core.clock.monotonicMs();
  notBeforeMs.look = nowMs + RETRY_UP_MS;
  const reading = await readLoad(core, compute);
  notBeforeMs.look = 0;
  if (reading === null) return false;
  const before = state.reading;
  state.reading = reading;
  const wantedPool = core.engines[compute.engine].bufferPoolBytes(compute.size.now);
  state.isFitted = Math.abs(reading.server.poolBytes - wantedPool) < POOL_TOLERANCE_BYTES;
  if (!state.isFitted && nowMs >= notBeforeMs.fit) {
    notBeforeMs.fit = nowMs + RETRY_DOWN_MS;
    await apply(core, compute, compute.size.now, null);
    notBeforeMs.fit = 0;
    return true;
  }
  const sample = before === null ? null : sampleOf(before, reading);
  if (sample === null) return false;
  const clock = { nowMs: reading.atMs, downAfterMs: core.settings.scaleDownAfterMs };
  const plan = planSize(sample, boundSize(core, compute).size, state.lull, clock);
  state.lull = plan.lull;
  if (plan.cu <= compute.size.now) core.cells.of(compute.id).unmetCu = null;
  const way = plan.cu > compute.size.now ? 'up' : 'down';
  if (plan.cu === compute.size.now || nowMs < notBeforeMs[way]) return false;
  notBeforeMs[way] = nowMs + (way === 'up' ? RETRY_UP_MS : RETRY_DOWN_MS);
  await apply(core, compute, plan.cu, numbersOf(sample, plan.asks));
  notBeforeMs[way] = 0;
  return true;
}

/** Not any more when something else happened to it meanwhile, or has its turn now. */
async function apply(core: Core, compute: Compute, cu: number, load: Readonly<Record<string, number>> | null) {
  if (isBusy(core, compute)) return;
  await core.cells.of(compute.id).queue.run(async () => {
    const current = core.journal.require(compute.id);
    if (current.seq === compute.seq) await resize(core, current, { cu, reason: 'load', load });
  });
}

/** The numbers that asked for a size, as the record keeps them. */
function numbersOf(sample: LoadSample, asks: SizeAsks): Readonly<Record<string, number>> {
  const perSecond = (amount: number): number => Math.round((amount / sample.seconds) * 1000) / 1000;
  return {
    cpuAsksCu: asks.cpu,
    memoryAsksCu: asks.memory,
    cacheAsksCu: asks.cache,
    cpuUsed: perSecond(sample.cpuSeconds),
    memoryBytes: sample.memoryBytes,
    poolBytes: sample.poolBytes,
    dataBytes: sample.dataBytes,
    requestsPerSecond: perSecond(sample.requests),
    missesPerSecond: perSecond(sample.misses),
  };
}

function sayOnce(core: Core, { id, name, size }: Compute, refusals: Map<string, string>, message: string): void {
  const kind = message.replace(/\d+/g, 'N');
  if (refusals.get(id) === kind) return;
  refusals.set(id, kind);
  core.logger.warn({ compute: name, cu: size.now, reason: message }, 'stays at its size');
}

function forgetAllBut(active: readonly Compute[], ...maps: readonly Map<string, unknown>[]): void {
  const ids = new Set(active.map(({ id }) => id));
  for (const map of maps) for (const id of map.keys()) if (!ids.has(id)) map.delete(id);
}
