import { createDeadline } from '../clock.ts';
import type { Compute } from '../domain/index.ts';
import type { CacheFacts } from '../engines/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { agentTarget, driverOf, type Core } from './core.ts';

const TICK_MS = 500;
/** The first moments after a wake belong to whoever woke it. */
const HEAD_START_MS = 1_000;
const STEP_TIMEOUT_MS = 5_000;
/**
 * With less CPU than this the reading alone can use it all up, and then everybody waits for the next tenth of a second. Beside
 * clients it is done in bursts there. Measured at 0.25 CU, p99 of one client's queries: 2 to 5 ms without, 10 to 18 ms with all
 * at once, 0.4 ms with bursts.
 */
const ENOUGH_CU = 0.5;
const BURST_MS = 100;
/** Who was there a moment ago is there. */
const CLIENT_MS = 1_000;
/** For one that was started with less than belongs to its size: what it has no room for would not come back. */
const GROWING_MS = 10_000;
/** After a step that failed. */
const RETRY_MS = 30_000;
/** Of one that is warm there is only to be known how much it has. */
const WARM_LOOK_MS = 30_000;

/** What is remembered of a compute between two looks, from one start of its server to the next. */
interface Watched {
  readonly activeSinceMs: number;
  notBeforeMs: number;
}

/**
 * Has what was cached before a sleep come back after it. The server does it and is the record of it; each look does the
 * next thing that is due, in nobody's way and on no record:
 *
 * | the server is | done                                            | if it ends now, the next one finds  |
 * | ------------- | ----------------------------------------------- | ----------------------------------- |
 * | cold          | told to begin, a moment after the wake          | the list of the server before it    |
 * | warming       | nothing; a small one beside clients: a pause    | the list of the server before it    |
 * | warmed        | told to keep a list of its own from now on      | the list of the server before it    |
 * | kept          | nothing                                         | its list                            |
 *
 * An agent that dies leaves the server in one of these, and the next one goes on; so does a wake from frozen.
 */
export function warmCaches(core: Core): Disposable {
  const watched = new Map<string, Watched>();
  const busy = new Set<string>();
  return core.clock.every(TICK_MS, () => {
    const active = core.store.listComputes({ states: ['active'] });
    forgetAllBut(active, watched);
    for (const compute of active) {
      const state = watchedOf(core, compute, watched);
      if (busy.has(compute.id) || core.clock.monotonicMs() < state.notBeforeMs) continue;
      if (compute.storage !== undefined || isBusy(core, compute)) continue;
      busy.add(compute.id);
      void step(core, compute, state)
        .catch((error: unknown) => postpone(core, compute, state, error))
        .finally(() => busy.delete(compute.id));
    }
  });
}

/** What keeps its process when it sleeps has its cache; one that is on its way there is left alone. */
function isBusy(core: Core, { id }: Compute): boolean {
  const { endpoint, queue } = core.cells.of(id);
  return endpoint === null || queue.isBusy;
}

function watchedOf(core: Core, { id }: Compute, watched: Map<string, Watched>): Watched {
  const { activeSinceMs } = core.cells.of(id);
  const known = watched.get(id);
  if (known?.activeSinceMs === activeSinceMs) return known;
  const fresh = { activeSinceMs, notBeforeMs: activeSinceMs + HEAD_START_MS };
  watched.set(id, fresh);
  return fresh;
}

async function step(core: Core, compute: Compute, state: Watched): Promise<void> {
  const cell = core.cells.of(compute.id);
  if (cell.endpoint === null) return;
  const engine = core.engines[compute.engine];
  const target = agentTarget(core, compute, cell.endpoint);
  using deadline = createDeadline(STEP_TIMEOUT_MS, () => tooSlow(compute));
  const facts = await engine.readCache(target, deadline.signal);
  cell.cache = facts;
  switch (facts.state) {
    case 'cold':
      if (isToGrow(core, compute, facts)) return;
      await engine.beginWarming(target, deadline.signal);
      if (!(await isInTheWay(core, compute))) break;
      await core.clock.sleep(BURST_MS, deadline.signal);
      await engine.pauseWarming(target, deadline.signal);
      break;
    case 'warming':
      if (await isInTheWay(core, compute)) await engine.pauseWarming(target, deadline.signal);
      break;
    case 'warmed':
      await engine.endWarming(target, deadline.signal);
      break;
    case 'kept':
      cell.warmBytes = facts.dataBytes;
      state.notBeforeMs = core.clock.monotonicMs() + WARM_LOOK_MS;
  }
}

/** A range of sizes begins at its lower end, and gets the rest at the first look at its load. */
function isToGrow(core: Core, { id, engine, size }: Compute, { poolBytes }: CacheFacts): boolean {
  const isSmall = poolBytes < core.engines[engine].bufferPoolBytes(size.now);
  return isSmall && core.clock.monotonicMs() - core.cells.of(id).activeSinceMs < GROWING_MS;
}

async function isInTheWay(core: Core, compute: Compute): Promise<boolean> {
  if (compute.size.now >= ENOUGH_CU || !driverOf(core, compute).capabilities.limits) return false;
  const { blockers, lastActivityMs } = await core.gate.facts(compute.id);
  const isAtIt = blockers.some(({ kind }) => kind === 'commandInFlight');
  return isAtIt || core.clock.monotonicMs() - (lastActivityMs ?? Number.NEGATIVE_INFINITY) < CLIENT_MS;
}

/** Nobody waits for it, and a server that goes away meanwhile is somebody else's news. */
function postpone(core: Core, { name }: Compute, state: Watched, error: unknown): void {
  state.notBeforeMs = core.clock.monotonicMs() + RETRY_MS;
  core.logger.debug({ compute: name, error: toDozeError(error).message }, 'the cache could not be brought back yet');
}

function tooSlow({ name }: Compute): DozeError {
  return new DozeError('TIMED_OUT', `compute "${name}" did not say what is in its cache`);
}

function forgetAllBut(active: readonly Compute[], watched: Map<string, Watched>): void {
  const ids = new Set(active.map(({ id }) => id));
  for (const id of watched.keys()) if (!ids.has(id)) watched.delete(id);
}
