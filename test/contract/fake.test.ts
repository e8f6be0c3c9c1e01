import { createFakeDriver, createFakeWorld } from '../../src/lib/drivers/fake/index.ts';
import type { DriverHarness } from './driver-harness.ts';
import { describeDriver } from './driver-suite.ts';

describeDriver('fake', async (): Promise<DriverHarness> => {
  const world = createFakeWorld();
  return Promise.resolve({
    open: async () => Promise.resolve(createFakeDriver(world)),
    engine: null,
    killServer: async (computeId) => {
      world.crash(computeId, { atMs: Date.now(), code: 137, isOutOfMemory: false });
      return Promise.resolve();
    },
    close: async () => Promise.resolve(),
  });
});
