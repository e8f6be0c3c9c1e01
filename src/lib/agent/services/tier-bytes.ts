import type { Compute } from '../../domain/index.ts';
import type { StorageWatch } from '../../storage/index.ts';

/**
 * What the storage tier says that the data of a compute takes. A Page Server has one figure for all whose data it has,
 * so it says something of a compute only where that is alone on it; else, and where it has no figure, null.
 */
export function tierBytes(watch: StorageWatch, computes: readonly Compute[], { storage }: Compute): number | null {
  if (storage === undefined) return null;
  const sharing = computes.filter((other) => other.storage?.pageServer === storage.pageServer);
  const outcome = watch.find(storage.pageServer)?.health().endpoints[0]?.last?.outcome;
  if (sharing.length !== 1 || outcome?.kind !== 'answered') return null;
  return outcome.facts.kind === 'pageServer' ? outcome.facts.diskUsageBytes : null;
}
