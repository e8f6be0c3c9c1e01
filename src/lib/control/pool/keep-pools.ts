import type { Pool, Spare } from '../../domain/index.ts';
import type { Prepared, Driver } from '../../drivers/index.ts';
import { DozeError, toDozeError } from '../../errors/index.ts';
import type { Core } from '../core.ts';
import { lastLogLines } from '../failure.ts';
import { prepare } from '../prepare.ts';
import { awaitQuiet } from './await-quiet.ts';
import { discardSpare, makeSpare, recordSpare } from './make-spare.ts';
import { planPool, type PoolStep } from './plan-pool.ts';
import { putAside } from './put-aside.ts';
import { spareRecipe } from './recipe.ts';
import { listSpares } from './spares.ts';

/** An image that was built anew, or a container that somebody removed, is noticed this late at worst. */
const LOOK_MS = 60_000;
const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 10 * 60_000;
/** A round that makes and discards more than this comes to no end: the next look goes on. */
const MOST_STEPS = 250;

/**
 * Keeps every pool as large as it is to be, one step after another, and only while nobody waits for a start. Looks when it
 * is told to, and once a minute. Ends between two steps, or in one: the next agent goes on from the record.
 */
export function keepPools(core: Core): Disposable {
  const ended = new AbortController();
  let round: Promise<void> | null = null;
  let isAgain = false;
  const look = (): void => {
    isAgain = true;
    round ??= rounds().finally(() => (round = null));
  };
  const rounds = async (): Promise<void> => {
    while (isAgain && !ended.signal.aborted) {
      isAgain = false;
      await lookAtAll(core, ended.signal).catch((error: unknown) => {
        if (!ended.signal.aborted)
          core.logger.error({ error: toDozeError(error).message }, 'the pools were not looked at');
      });
    }
  };
  const parts = new DisposableStack();
  parts.use(core.pool.onNudge(look));
  parts.use(core.clock.every(LOOK_MS, look));
  parts.defer(() => ended.abort());
  look();
  return parts;
}

async function lookAtAll(core: Core, signal: AbortSignal): Promise<void> {
  await awaitQuiet(core, signal);
  const wanted = new Map(core.store.listPools().map(({ image, size }) => [image, size]));
  const spares = listSpares(core);
  for (const image of new Set([...wanted.keys(), ...spares.map(({ pool }) => pool)])) {
    await keepPool(core, { image, size: wanted.get(image) ?? 0 }, signal);
  }
}

/** Never throws but at the end of the agent: what keeps one pool from being full is no business of the others. */
async function keepPool(core: Core, { image, size }: Pool, signal: AbortSignal): Promise<void> {
  const { problems } = core.pool;
  if ((problems.get(image)?.retryAtMs ?? 0) > core.clock.monotonicMs()) return;
  try {
    await putAside(core, image, signal);
    const kind = size === 0 ? null : await learnKind(core, image, signal).catch(toDozeError);
    const known = kind instanceof DozeError ? null : kind;
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const spares = listSpares(core).filter(({ id, pool }) => pool === image && !core.pool.reserved.has(id));
      const step = planPool({ size: sizeOf(core, image), recipe: known?.recipe ?? null }, spares);
      if (step.kind === 'nothing') break;
      await take(core, image, { step, kind: known }, signal);
    }
    if (kind instanceof DozeError) throw kind;
    problems.delete(image);
  } catch (error) {
    signal.throwIfAborted();
    noteProblem(core, image, error);
  }
}

/** As it is wanted now, which may be otherwise than at the step before. */
function sizeOf(core: Core, image: Pool['image']): number {
  return core.store.listPools().find((pool) => pool.image === image)?.size ?? 0;
}

interface Kind {
  readonly driver: Driver;
  readonly prepared: Prepared;
  readonly recipe: string;
}

/** What a new compute would get now: an image that was built anew has another template by now. */
async function learnKind(core: Core, image: Pool['image'], signal: AbortSignal): Promise<Kind> {
  await awaitQuiet(core, signal);
  const { driver, prepared } = await prepare(core, image === null ? {} : { image }, () => undefined, signal);
  core.pool.kinds.set(image, { driver: driver.name, image: prepared.image, version: prepared.version });
  return { driver, prepared, recipe: spareRecipe(core, { driver, prepared, engine: 'mariadb' }) };
}

async function take(
  core: Core,
  image: Pool['image'],
  { step, kind }: { readonly step: PoolStep; readonly kind: Kind | null },
  signal: AbortSignal,
): Promise<void> {
  if (step.kind === 'discard') await discardSpare(core, step.spare, signal);
  if (step.kind === 'finish') await makeOrDiscard(core, step.spare, signal);
  if (step.kind === 'make' && kind !== null) await makeOrDiscard(core, recordSpare(core, image, kind), signal);
}

/** One that cannot be made leaves nothing. */
async function makeOrDiscard(core: Core, spare: Spare, signal: AbortSignal): Promise<void> {
  try {
    await makeSpare(core, spare, signal);
  } catch (error) {
    signal.throwIfAborted();
    const logTail = await lastLogLines(core, { ...spare, name: spare.id });
    core.logger.warn({ spare: spare.id, error: toDozeError(error).message, logTail }, 'a spare could not be made');
    await discardSpare(core, spare, signal).catch((second: unknown) => {
      core.logger.warn({ spare: spare.id, error: toDozeError(second).message }, 'a half-made spare remains for now');
    });
    throw error;
  }
}

/** Said once: the same will keep it from being full the next time too. */
function noteProblem(core: Core, image: Pool['image'], thrown: unknown): void {
  const error = toDozeError(thrown, 'the warm pool');
  const before = core.pool.problems.get(image);
  const count = (before?.count ?? 0) + 1;
  const pauseMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (count - 1));
  core.pool.problems.set(image, { error, count, retryAtMs: core.clock.monotonicMs() + pauseMs });
  if (before?.error.message === error.message) return;
  core.logger.warn({ image, code: error.code, error: error.message, hint: error.hint }, 'a pool is not full');
}
