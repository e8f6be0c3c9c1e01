import { createDeadline } from '../clock.ts';
import { keepsProcess, type Compute, type CopyFacts } from '../domain/index.ts';
import type { CopyOutcome, VerbContext } from '../drivers/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { agentTarget, driverOf, type Core } from './core.ts';
import { instanceSpec } from './instance-spec.ts';
import type { OnProgress } from './outcome.ts';

export interface CopyTask {
  readonly copy: (context: VerbContext) => Promise<CopyOutcome>;
  readonly onProgress: OnProgress;
}

/** How the last server left what is copied. */
type DataState = Pick<CopyFacts, 'isClean' | 'areWritesHeld'>;

/** What a copy of a snapshot has of the snapshot. */
export function stateOf(kept: CopyFacts | null | undefined): DataState {
  if (kept === null || kept === undefined) return { isClean: false };
  const { isClean, areWritesHeld } = kept;
  return areWritesHeld === undefined ? { isClean } : { isClean, areWritesHeld };
}

/**
 * Copies the data of a compute as it is now, inside its queue. One that sleeps is copied as it lies; one that is awake
 * stands still for the copy: what it has written is brought to its files, and its clients are held, not refused.
 * @throws COMPUTE_BUSY, STATE_CONFLICT when there is nothing whole to copy
 */
export async function copySource(core: Core, source: Compute, task: CopyTask): Promise<CopyFacts> {
  if (source.state === 'active') return copyAwake(core, source, task);
  if (source.state !== 'suspended' || source.restoring !== undefined) throw cannotCopy(source);
  return copyAsleep(core, source, task, { isClean: isAfterCleanEnd(core, source) });
}

/** What a snapshot keeps does not change: nobody has to stand still. */
export async function copyAsleep(core: Core, source: Compute, task: CopyTask, state: DataState): Promise<CopyFacts> {
  const beganMs = core.clock.monotonicMs();
  const outcome = await runCopy(core, source, task);
  return { ...outcome, ...state, frozenMs: null, tookMs: Math.round(core.clock.monotonicMs() - beganMs) };
}

async function copyAwake(core: Core, source: Compute, task: CopyTask): Promise<CopyFacts> {
  const { clock } = core;
  const beganMs = clock.monotonicMs();
  const frozen = await standStill(core, source, () => runCopy(core, source, task));
  return {
    ...frozen.result,
    isClean: false,
    areWritesHeld: true,
    frozenMs: Math.round(frozen.frozenMs),
    tookMs: Math.round(clock.monotonicMs() - beganMs),
  };
}

/** Asked for before the gate is held, as clients have to end what stands in its way. */
async function standStill<Result>(
  core: Core,
  source: Compute,
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly frozenMs: number }> {
  await using _writes = await holdWrites(core, source);
  try {
    await core.gate.hold(source.id);
    return await whileFrozen(core, source, run);
  } finally {
    core.gate.release(source.id);
  }
}

async function whileFrozen<Result>(
  core: Core,
  source: Compute,
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly frozenMs: number }> {
  const frozenAtMs = core.clock.monotonicMs();
  try {
    await freeze(core, source);
    const result = await run();
    return { result, frozenMs: await thaw(core, source, frozenAtMs) };
  } catch (error) {
    await thaw(core, source, frozenAtMs);
    throw error;
  }
}

async function holdWrites(core: Core, source: Compute): Promise<AsyncDisposable> {
  const { endpoint } = core.cells.of(source.id);
  if (endpoint === null) throw cannotCopy(source);
  using asking = verbDeadline(core, source, 'bringing its writes to disk');
  return await core.engines[source.engine].holdWrites(agentTarget(core, source, endpoint), asking.signal);
}

async function freeze(core: Core, source: Compute): Promise<void> {
  using verb = verbDeadline(core, source, 'freezing it');
  const context = { signal: verb.signal, onProgress: () => undefined };
  const { depth } = await driverOf(core, source).suspend(source.id, 'frozen', context);
  if (depth !== 'frozen') throw cannotCopy(source);
}

/** One that cannot be thawed goes on record as it is found: the next client wakes it. @returns how long it was frozen */
async function thaw(core: Core, source: Compute, frozenAtMs: number): Promise<number> {
  try {
    using verb = verbDeadline(core, source, 'thawing it');
    const context = { signal: verb.signal, onProgress: () => undefined };
    core.cells.of(source.id).endpoint = await driverOf(core, source).start(instanceSpec(core, source), context);
  } catch (error) {
    core.logger.warn({ compute: source.name, error: toDozeError(error).message }, 'could not be thawed after a copy');
    core.cells.of(source.id).endpoint = null;
    await core.settle(source.id);
  }
  return core.clock.monotonicMs() - frozenAtMs;
}

async function runCopy(core: Core, source: Compute, { copy, onProgress }: CopyTask): Promise<CopyOutcome> {
  const limitMs = core.settings.copyTimeoutMs;
  using deadline = createDeadline(
    limitMs,
    () =>
      new DozeError('TIMED_OUT', `copying the data of compute "${source.name}" took more than ${limitMs / 60_000} min`),
  );
  onProgress(`copying the data of "${source.name}"`);
  return await copy({ signal: deadline.signal, onProgress });
}

/** Whether the last thing that its server did was to shut down. */
function isAfterCleanEnd(core: Core, source: Compute): boolean {
  if (source.depth === null || keepsProcess(source.depth)) return false;
  const types = ['suspended', 'started', 'instanceStopped', 'instanceCrashed', 'failed', 'snapshotRestored'] as const;
  const [last] = core.store.listEvents({ computeId: source.id, types: [...types], limit: 1 });
  return (last?.event.type === 'suspended' || last?.event.type === 'snapshotRestored') && last.event.isClean;
}

function cannotCopy({ name, state, restoring }: Compute): DozeError {
  const why = restoring === undefined ? state : 'being put back to a snapshot';
  return new DozeError('STATE_CONFLICT', `compute "${name}" is ${why}: its data cannot be copied now`, {
    hint: state === 'failed' ? `doze compute resume ${name}` : `doze compute show ${name}`,
  });
}

function verbDeadline(core: Core, { name }: Compute, what: string) {
  const limitMs = core.settings.verbTimeoutMs;
  return createDeadline(
    limitMs,
    () => new DozeError('TIMED_OUT', `compute "${name}": ${what} took more than ${limitMs / 1000} s`),
  );
}
