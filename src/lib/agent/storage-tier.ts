import type { Clock } from '../clock.ts';
import type { StorageTier } from '../control/index.ts';
import { DozeError } from '../errors/index.ts';
import { tierBytes } from './services/tier-bytes.ts';
import { createStorageGate, type ServiceWatch, type StorageWatch } from '../storage/index.ts';

/** The storage tier as the control plane needs it, of what is registered and watched. */
export function createStorageTier(watch: StorageWatch, clock: Clock): StorageTier {
  const gate = createStorageGate(clock);
  const require = (name: string, kind: ServiceWatch['service']['kind']): ServiceWatch => {
    const found = watch.find(name);
    if (found?.service.kind === kind) return found;
    const what = kind === 'pageServer' ? 'Page Server' : 'group of Safekeepers';
    throw new DozeError('STORAGE_NOT_FOUND', `no ${what} "${name}" is registered`);
  };
  return {
    pass: async ({ pageServer, safekeepers }, patienceMs, signal) => {
      const needed = [require(pageServer, 'pageServer'), require(safekeepers, 'safekeepers')];
      await gate.pass(needed, patienceMs, signal);
    },
    storageBytes: (compute, all) => tierBytes(watch, all, compute),
    urlsOf: ({ pageServer, safekeepers }) => {
      const group = require(safekeepers, 'safekeepers');
      return {
        pageServer: firstOf(require(pageServer, 'pageServer')),
        // Who leads now; a compute finds a later leader by itself.
        safekeeper: group.health().group?.leader ?? firstOf(group),
      };
    },
  };
}

function firstOf({ service: { endpoints } }: ServiceWatch): string {
  return endpoints[0] ?? '';
}
