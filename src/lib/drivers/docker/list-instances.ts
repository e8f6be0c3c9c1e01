import type { ContainerInspectInfo } from 'dockerode';

import type { Instance } from '../driver.ts';
import { inspectContainer, listContainers, reportOf, type ListedContainer } from './containers.ts';
import { describeContainer } from './describe-container.ts';
import type { Reach } from './engine-facts.ts';
import { liftIfLowered } from './hibernation/put-right.ts';
import type { DockerHome } from './home.ts';
import { sizeOf } from './resize.ts';

/** As Docker calls those whose first process is not there. */
const AT_REST = new Set(['created', 'exited']);
/** All others. */
const NOT_AT_REST = ['running', 'paused', 'restarting', 'removing', 'dead'];
/** How long Docker's events are believed before all containers are listed again. */
const BELIEVED_MS = 10 * 60_000;

/**
 * The home's instances. Most sleep, and there may be a thousand, of each of which Docker tells 7 KB in a list and 17 KB to
 * who looks into it. So one that does not run is not looked into, and as long as Docker's events are heard, nor is it listed.
 * What is wrong here is found out by whoever inspects it, as nobody acts on a list alone.
 */
export async function listInstances(home: DockerHome, signal: AbortSignal): Promise<readonly Instance[]> {
  const { atRest } = home;
  const isKnown = atRest !== null && home.clock.monotonicMs() - atRest.listedAtMs < BELIEVED_MS;
  const { resting, awake } = isKnown ? await listAwake(home, atRest.computeIds, signal) : await listAll(home, signal);
  const instances = resting.map(restingInstance);
  const { reach } = await home.facts(signal);
  // One after the other: after a restart there may be hundreds, and Docker gets slower with each request at once.
  for (const { Id: containerId } of awake) {
    const container = await inspectContainer(home, containerId, signal);
    if (container !== null) instances.push(await describe(home, container, reach, signal));
  }
  return instances;
}

interface Listed {
  /** Compute ids. */
  readonly resting: readonly string[];
  readonly awake: readonly ListedContainer[];
}

async function listAwake(home: DockerHome, atRest: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Listed> {
  const awake = await listContainers(home, signal, { statuses: NOT_AT_REST });
  const awakeIds = new Set(awake.map(({ Id }) => Id));
  const resting = [...atRest].filter(([containerId]) => !awakeIds.has(containerId));
  return { resting: resting.map(([, computeId]) => computeId), awake };
}

async function listAll(home: DockerHome, signal: AbortSignal): Promise<Listed> {
  const { changes } = home;
  const listedAtMs = home.clock.monotonicMs();
  const listed = await listContainers(home, signal);
  const resting = listed.filter(({ State: state }) => AT_REST.has(state));
  const computeIds = new Map(resting.map(({ Id, computeId }) => [Id, computeId]));
  // What was heard meanwhile may be older or newer than what was listed.
  home.atRest = home.isWatched && home.changes === changes ? { listedAtMs, computeIds } : null;
  return {
    resting: resting.map(({ computeId }) => computeId),
    awake: listed.filter(({ State: state }) => !AT_REST.has(state)),
  };
}

function restingInstance(computeId: string): Instance {
  return { computeId, state: 'stopped', endpoint: null, exit: null };
}

export async function describe(
  home: DockerHome,
  container: ContainerInspectInfo,
  reach: Reach,
  signal: AbortSignal,
): Promise<Instance> {
  // A hibernation that is under way has it paused, and one that a dead agent left so is put right by the thaw.
  if (container.State.Status === 'running') await liftIfLowered(home, container);
  if (['running', 'paused'].includes(container.State.Status)) await home.cpuLoans.putRight(container);
  const cu = sizeOf(container);
  return {
    ...describeContainer(container, await reportOf(home, container, signal), reach),
    ...(cu === undefined ? {} : { cu }),
  };
}
