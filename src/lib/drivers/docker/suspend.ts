import type { ContainerInspectInfo } from 'dockerode';

import { isDeeper, keepsProcess, type Depth } from '../../domain/index.ts';
import type { InstanceId, SuspendOutcome, VerbContext } from '../driver.ts';
import { findContainer, inspectContainer, rememberReport, removeContainer, reportOf } from './containers.ts';
import { awaitServing } from './await-serving.ts';
import { freezeContainer, thawContainer } from './freezing.ts';
import { endpointOf } from './describe-container.ts';
import { giveOrder } from './give-order.ts';
import { hibernate } from './hibernation/hibernate.ts';
import type { DockerHome, Left } from './home.ts';
import { isStateless } from './labels.ts';
import { computeName } from './names.ts';

/** A supervisor that has only just started may not have set its handlers yet, and then a signal is lost. */
const REPEAT_SIGNAL_MS = 2000;

/** Down to a depth, never by force: a server that needs long to write its pages gets until the caller's deadline. */
export async function suspendInstance(
  home: DockerHome,
  id: InstanceId,
  depth: Depth,
  { signal }: VerbContext,
): Promise<SuspendOutcome> {
  home.asked.set(id, new Set(['pause', 'unpause', 'die', 'destroy']));
  home.left.delete(id);
  const container = await findContainer(home, id, signal);
  if (container === null) return reached('removed', true);
  const doing = `suspend compute "${computeName(home.homeId, container.Name, id)}"`;
  const { Status: status } = container.State;
  // One that keeps nothing is frozen, or gone.
  const isToGo = isStateless(container) && depth !== 'frozen';
  if (keepsProcess(depth) && !isToGo) {
    const outcome = await freeze(home, container, { depth, doing, signal });
    if (keepsProcess(outcome.depth)) await remember(home, id, { container, depth: 'frozen' }, signal);
    return outcome;
  }
  if (status === 'paused') await thawContainer(home, container, doing, signal);
  const isRunning = status === 'running' || status === 'paused';
  if (isRunning) await awaitServing(home, container, signal);
  if (isRunning && depth === 'parked' && !isToGo) {
    const isClean = await park(home, container, doing, signal);
    if (isClean) await remember(home, id, { container, depth: 'parked' }, signal);
    return reached('parked', isClean);
  }
  const code = isRunning ? await end(home, container, doing, signal) : exitCodeOf(container);
  const isRemoved = isToGo || isDeeper(depth, 'stopped');
  if (isRemoved) await removeContainer(home, container.Id, doing, signal);
  return reached(isRemoved ? 'removed' : 'stopped', code === 0);
}

/** Its address stays as long as its container runs, frozen or not. */
async function remember(
  home: DockerHome,
  id: InstanceId,
  { container, depth }: Omit<Left, 'endpoint'>,
  signal: AbortSignal,
): Promise<void> {
  const endpoint = endpointOf(container, (await home.facts(signal)).reach);
  if (home.isWatched && endpoint !== null && !isStateless(container)) home.left.set(id, { container, endpoint, depth });
}

function reached(depth: Depth, isClean: boolean): SuspendOutcome {
  return { isClean, depth, shortfall: null };
}

/** A server that does not run is deeper than that already. */
async function freeze(
  home: DockerHome,
  container: ContainerInspectInfo,
  { depth, doing, signal }: { depth: Depth; doing: string; signal: AbortSignal },
): Promise<SuspendOutcome> {
  if (container.State.Status !== 'paused') {
    const report = await reportOf(home, container, signal);
    if (report?.state === 'parked') return reached('parked', report.code === 0);
    if (report === null) return reached('stopped', exitCodeOf(container) === 0);
    await freezeContainer(home, container, doing, signal);
  }
  if (depth === 'hibernated') {
    const shortfall = await hibernate(home, container, signal);
    return { isClean: true, depth: shortfall === null ? 'hibernated' : 'frozen', shortfall };
  }
  return reached(home.hibernation.asleep.has(container.Id) ? 'hibernated' : 'frozen', true);
}

async function park(
  home: DockerHome,
  container: ContainerInspectInfo,
  doing: string,
  signal: AbortSignal,
): Promise<boolean> {
  // Forgotten first: whatever comes of the order, the old state is no longer sure.
  rememberReport(home, container, null);
  const report = await giveOrder(home, container.Id, 'park', doing, signal);
  rememberReport(home, container, report);
  if (report?.state === 'parked') return report.code === 0;
  const ended = await inspectContainer(home, container.Id, signal);
  return ended !== null && exitCodeOf(ended) === 0;
}

/** @returns the container's exit code, which is the server's; null if somebody removed it meanwhile */
async function end(
  home: DockerHome,
  { Id: id }: ContainerInspectInfo,
  doing: string,
  signal: AbortSignal,
): Promise<number | null> {
  const terminate = (): Promise<unknown> =>
    // 404, 409: it has ended already.
    home.api.runUnless([404, 409], doing, signal, (docker) => docker.getContainer(id).kill({ signal: 'SIGTERM' }));
  await terminate();
  using _repeat = home.clock.every(REPEAT_SIGNAL_MS, async () => {
    // A failure shows in the wait below too.
    await terminate().catch(() => null);
  });
  const outcome = await home.api.runUnless([404], doing, signal, async (docker) => {
    const answer: unknown = await docker.getContainer(id).wait();
    return answer as { StatusCode: number };
  });
  return outcome?.StatusCode ?? null;
}

/** Never started counts as clean: there is nothing to recover. */
function exitCodeOf({ State: state }: ContainerInspectInfo): number {
  return state.Status === 'created' ? 0 : state.ExitCode;
}
