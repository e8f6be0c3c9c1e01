import type { Spare } from '../../domain/index.ts';

/** What a pool is to be. */
export interface WantedPool {
  readonly size: number;
  /** Null when it is not known what a new compute would get. */
  readonly recipe: string | null;
}

export type PoolStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'discard'; readonly spare: Spare }
  /** One that was begun, or is not as it should be. */
  | { readonly kind: 'finish'; readonly spare: Spare }
  | { readonly kind: 'make'; readonly recipe: string };

const NOTHING: PoolStep = { kind: 'nothing' };

/**
 * Pure: the next step towards what a pool is to be. What is of no use goes first, as it takes room. Nothing is made or
 * thrown away for being old while it is not known what would take its place.
 * @param spares of this pool, oldest first, without those that a compute is about to take
 */
export function planPool({ size, recipe }: WantedPool, spares: readonly Spare[]): PoolStep {
  const useless = spares.find(
    ({ state, recipe: its }) => state === 'discarding' || (recipe !== null && its !== recipe),
  );
  if (useless !== undefined) return { kind: 'discard', spare: useless };
  const making = spares.find(({ state }) => state === 'making');
  const newest = making ?? spares.at(-1);
  if (spares.length > size && newest !== undefined) return { kind: 'discard', spare: newest };
  if (recipe === null) return NOTHING;
  if (making !== undefined) return { kind: 'finish', spare: making };
  return spares.length < size ? { kind: 'make', recipe } : NOTHING;
}
