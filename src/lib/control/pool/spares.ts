import type { Spare } from '../../domain/index.ts';
import type { Core } from '../core.ts';

/**
 * Every spare there is, oldest first. A compute with the id of one has taken it: the record of the compute is what counts,
 * and the spare's is forgotten here, by whoever looks next, be it the next agent.
 */
export function listSpares({ store }: Core): readonly Spare[] {
  const spares = store.listSpares();
  const isTaken = ({ id }: Spare): boolean => store.getCompute(id) !== null;
  for (const { id } of spares.filter(isTaken)) store.deleteSpare(id);
  return spares.filter((spare) => !isTaken(spare));
}

export function isSpare(core: Core, id: string): boolean {
  return listSpares(core).some((spare) => spare.id === id);
}
