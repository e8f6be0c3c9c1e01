import type { StorageTier } from '../../src/lib/control/index.ts';

/** A storage tier that lets everybody pass until it is told otherwise. */
export interface FakeStorageTier extends StorageTier {
  refusal: Error | null;
  passes: number;
  bytes: number | null;
}

export function createFakeStorageTier(): FakeStorageTier {
  const tier: FakeStorageTier = {
    refusal: null,
    passes: 0,
    bytes: null,
    async pass() {
      tier.passes += 1;
      if (tier.refusal !== null) throw tier.refusal;
      return Promise.resolve();
    },
    storageBytes: () => tier.bytes,
    urlsOf: () => ({ pageServer: 'http://ps-1:8080', safekeeper: 'http://sk-1:8090' }),
  };
  return tier;
}
