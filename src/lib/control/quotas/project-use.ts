import type { Store } from '../../store/index.ts';
import type { AwakeList } from '../awake-list.ts';
import type { Places } from '../places.ts';

interface Deps {
  readonly store: Pick<Store, 'listComputes' | 'getCompute'>;
  readonly awake: Pick<AwakeList, 'list'>;
  readonly places: Pick<Places, 'ofProject'>;
}

/**
 * How many computes a project has, those included that are on their way to a record. Counted anew each time, as the use of
 * hosts is. @param except a compute that is left out of it
 */
export function countComputes({ store, places }: Deps, project: string, except: string | null): number {
  const ids = new Set(store.listComputes({ project }).map(({ id }) => id));
  for (const { computeId } of places.ofProject(project)) ids.add(computeId);
  if (except !== null) ids.delete(except);
  return ids.size;
}

/** What of a project is awake, or on its way there. */
export interface AwakeUse {
  readonly activeComputes: number;
  readonly activeCu: number;
}

export function awakeUse({ awake, places }: Deps, project: string, except: string | null): AwakeUse {
  const sizes = new Map<string, number>();
  for (const { id, project: owner, size } of awake.list()) if (owner === project) sizes.set(id, size.now);
  for (const { computeId, cu } of places.ofProject(project)) {
    sizes.set(computeId, Math.max(cu, sizes.get(computeId) ?? 0));
  }
  if (except !== null) sizes.delete(except);
  return { activeComputes: sizes.size, activeCu: [...sizes.values()].reduce((sum, cu) => sum + cu, 0) };
}
