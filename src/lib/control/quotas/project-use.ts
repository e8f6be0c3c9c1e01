import type { Compute } from '../../domain/index.ts';
import type { Store } from '../../store/index.ts';
import type { AwakeList } from '../awake-list.ts';
import type { Places } from '../places.ts';

/** What a project has of computes at this moment, those included that are on their way to a record. */
export interface ProjectUse {
  readonly computes: number;
  readonly activeComputes: number;
  readonly activeCu: number;
}

interface Deps {
  readonly store: Pick<Store, 'listComputes' | 'getCompute'>;
  readonly awake: Pick<AwakeList, 'list'>;
  readonly places: Pick<Places, 'ofProject'>;
}

/** Counted anew each time, as the use of hosts is. @param except a compute that is left out of it */
export function projectUse({ store, awake, places }: Deps, project: string, except: string | null): ProjectUse {
  const isOther = ({ id }: Pick<Compute, 'id'>): boolean => id !== except;
  const ids = new Set(
    store
      .listComputes({ project })
      .filter(isOther)
      .map(({ id }) => id),
  );
  const sizes = new Map<string, number>();
  for (const compute of awake.list()) {
    if (compute.project === project && isOther(compute)) sizes.set(compute.id, compute.size.now);
  }
  for (const { computeId, cu } of places.ofProject(project)) {
    if (computeId === except) continue;
    ids.add(computeId);
    sizes.set(computeId, Math.max(cu, sizes.get(computeId) ?? 0));
  }
  return {
    computes: ids.size,
    activeComputes: sizes.size,
    activeCu: [...sizes.values()].reduce((sum, cu) => sum + cu, 0),
  };
}
