import type { Driver } from '../../src/lib/drivers/index.ts';
import { openWorkbench, type Workbench } from '../contract/driver-harness.ts';
import { createDockerTestHome, type DockerTestHome } from './docker-home.ts';

export interface DockerBench extends AsyncDisposable {
  readonly home: DockerTestHome;
  readonly bench: Workbench;
}

/** A home on the Docker engine with the contract suite's way to drive it. */
export async function openDockerBench(openDriver?: (home: DockerTestHome) => Driver): Promise<DockerBench> {
  const home = createDockerTestHome();
  const bench = await openWorkbench({
    engine: home.engine,
    open: () => Promise.resolve(openDriver === undefined ? home.openDriver() : openDriver(home)),
    killServer: home.killServer,
    close: async () => home[Symbol.asyncDispose](),
  });
  return {
    home,
    bench,
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
