import type { EngineName } from '../../domain/index.ts';
import type { Driver, Prepared } from '../../drivers/index.ts';
import type { Core } from '../core.ts';
import { spareRecipe } from './recipe.ts';
import { listSpares } from './spares.ts';

/** A spare that nobody else can take meanwhile. Disposed without being taken, it is back in its pool. */
export interface Reservation extends Disposable {
  readonly id: string;
  /** The compute of this id is on record. */
  taken(): void;
}

/**
 * The oldest spare that is what this new compute would be made from, or null. Looked for and reserved in one step: no two
 * computes get the same. The record of the compute, under the spare's id, is what takes it.
 */
export function reserveSpare(
  core: Core,
  wanted: { readonly driver: Driver; readonly prepared: Prepared; readonly engine: EngineName },
): Reservation | null {
  const { reserved } = core.pool;
  const ready = listSpares(core).filter(({ id, state }) => state === 'ready' && !reserved.has(id));
  if (ready.length === 0) return null;
  const recipe = spareRecipe(core, wanted);
  const spare = ready.find((candidate) => candidate.recipe === recipe);
  if (spare === undefined) return null;
  const { id } = spare;
  reserved.add(id);
  return {
    id,
    taken: () => core.pool.nudge(),
    [Symbol.dispose]: () => void reserved.delete(id),
  };
}
