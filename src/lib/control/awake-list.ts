import type { Compute, State } from '../domain/index.ts';
import type { Store } from '../store/index.ts';
import type { Journal } from './journal.ts';

/**
 * Those that take part of their host. Frozen and hibernated ones do not: they use no CPU, their memory is what the
 * host's reserve watches, and who sleeps is to be in nobody's way.
 */
export interface AwakeList {
  list(): readonly Compute[];
  has(computeId: string): boolean;
  /** Whether it is on its way out. */
  isLeaving(compute: Compute): boolean;
}

const AWAKE: readonly State[] = ['creating', 'resuming', 'active'];
const LEAVING: readonly State[] = ['suspending', 'destroying'];

/**
 * The record itself says who is awake, but for one thing: a server that is being ended still runs, while one that goes
 * from asleep to deeper does not. Of those that a dead agent left so it is not known, and they count until that is finished.
 */
export function createAwakeList(
  store: Pick<Store, 'listComputes' | 'getCompute'>,
  journal: Pick<Journal, 'onChange'>,
): AwakeList {
  const leaving = new Set(store.listComputes({ states: LEAVING }).map(({ id }) => id));
  const wasAwake = new Set(store.listComputes({ states: AWAKE }).map(({ id }) => id));
  journal.onChange(({ id, state }) => {
    if (!LEAVING.includes(state)) leaving.delete(id);
    else if (wasAwake.has(id)) leaving.add(id);
    if (AWAKE.includes(state)) wasAwake.add(id);
    else wasAwake.delete(id);
  });
  const isLeaving = ({ id }: Pick<Compute, 'id'>): boolean => leaving.has(id);
  const counts = (compute: Compute): boolean => AWAKE.includes(compute.state) || isLeaving(compute);
  return {
    list: () => store.listComputes({ states: [...AWAKE, ...LEAVING] }).filter(counts),
    has(computeId) {
      const compute = store.getCompute(computeId);
      return compute !== null && counts(compute);
    },
    isLeaving,
  };
}
