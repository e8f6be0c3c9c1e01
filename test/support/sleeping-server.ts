import type { Depth } from '../../src/lib/domain/index.ts';
import { keepsProcess } from '../../src/lib/domain/index.ts';
import type { Driver } from '../../src/lib/drivers/index.ts';
import { createFakeDriver, type FakeWorld } from '../../src/lib/drivers/fake/index.ts';
import type { MariaDbServer } from './mariadb-server.ts';

/**
 * The fake driver before a real server: frozen it stands still; deeper, all its connections are cut as by its end, and
 * it goes on, which takes no time. Its next verb can be made to fail, as with the fake driver alone.
 */
export function createSleepingServerDriver(world: FakeWorld, server: MariaDbServer): Driver {
  const driver = createFakeDriver(world);
  // One that is called off goes on, and a start comes after it.
  let ending: Promise<void> = Promise.resolve();
  return {
    ...driver,
    async start(spec, context) {
      world.ports.set(spec.computeId, server.port);
      const endpoint = await driver.start(spec, context);
      await ending;
      server.thaw();
      return endpoint;
    },
    async suspend(id, depth: Depth, context) {
      const outcome = await driver.suspend(id, depth, context);
      if (keepsProcess(depth)) server.freeze();
      else await (ending = cutConnections(server));
      return outcome;
    },
  };
}

async function cutConnections(server: MariaDbServer): Promise<void> {
  server.thaw();
  await using root = await server.asRoot();
  const rows = await root.queryRows("SELECT id FROM information_schema.processlist WHERE user = 'app'");
  // 1094: it is gone already.
  for (const { id } of rows) await root.run(`KILL ${String(id)}`).catch(() => undefined);
}
