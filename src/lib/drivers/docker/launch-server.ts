import type { ContainerInspectInfo } from 'dockerode';

import type { StartListener } from '../driver.ts';
import { noteLaunch } from './await-serving.ts';
import { rememberReport } from './containers.ts';
import { giveHeadStart } from './give-head-start.ts';
import { giveOrder } from './give-order.ts';
import type { DockerHome } from './home.ts';

interface LaunchOptions {
  readonly refusals: readonly number[];
  readonly listener: StartListener | undefined;
}

/** Has the supervisor of a parked container start its server. @returns whether it runs; if not, the container has ended */
export async function launchServer(
  home: DockerHome,
  container: ContainerInspectInfo,
  doing: string,
  signal: AbortSignal,
  { refusals, listener }: LaunchOptions,
): Promise<boolean> {
  rememberReport(home, container, null);
  noteLaunch(home, container.Id);
  const isLaunched = await giveHeadStart(home, container, signal);
  if (isLaunched) listener?.onLaunched();
  const [outcome] = await Promise.all([
    giveOrder(home, container.Id, 'start', doing, signal, {
      refusals,
      listener: isLaunched ? withoutLaunch(listener) : listener,
    }),
    home.cpuLoans.lend(container, signal),
  ]);
  rememberReport(home, container, outcome);
  return outcome !== null;
}

/** Who has been told of the launch is not told again. */
function withoutLaunch(listener: StartListener | undefined): StartListener | undefined {
  return listener && { ...listener, onLaunched: () => undefined };
}
