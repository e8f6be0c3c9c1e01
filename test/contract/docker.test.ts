import { createDockerTestHome } from '../support/docker-home.ts';
import { describeDriver, type DriverHarness } from './driver-suite.ts';

function setUp(): Promise<DriverHarness> {
  const home = createDockerTestHome();
  return Promise.resolve({
    engine: home.engine,
    open: () => Promise.resolve(home.openDriver()),
    killServer: home.killServer,
    close: async () => home[Symbol.asyncDispose](),
  });
}

describeDriver('docker', setUp);
