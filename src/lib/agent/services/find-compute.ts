import type { Compute } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { Store } from '../../store/index.ts';

/** @throws COMPUTE_NOT_FOUND */
export function requireCompute(store: Store, project: string, name: string): Compute {
  const compute = store.findCompute(project, name);
  if (compute !== null) return compute;
  const isKept = store.findRestorable(project, name) !== null;
  throw new DozeError(
    'COMPUTE_NOT_FOUND',
    isKept ? `compute "${name}" is destroyed` : `there is no compute "${name}" in project "${project}"`,
    isKept ? { hint: `doze compute start ${name} --restore` } : {},
  );
}

/** Also one that is destroyed and whose data is kept. @throws COMPUTE_NOT_FOUND */
export function requireKnownCompute(store: Store, project: string, name: string): Compute {
  return (
    store.findCompute(project, name) ?? store.findRestorable(project, name) ?? requireCompute(store, project, name)
  );
}
