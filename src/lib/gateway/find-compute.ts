import type { Route } from '../control/index.ts';
import { DozeError } from '../errors/index.ts';
import { createComputeGate, type ComputeGate } from './compute-gate.ts';
import { requireHost, type Core } from './core.ts';
import { readRouteName } from './route-name.ts';
import { routeServerName } from './tls/route-server-name.ts';

export interface Destination {
  readonly gate: ComputeGate;
  /** The user's name for the server. */
  readonly user: string;
  /** What was taken off it on the shared port, such as `.shop`. */
  readonly userSuffix: string;
}

/**
 * Which compute a client of the shared port means, or null when it means none: by the user's name, else by the name
 * that it gave to TLS. In this order, so that TLS makes no difference to who names the compute in the user's name.
 */
export async function findCompute(core: Core, name: string, serverName: string | null): Promise<Destination | null> {
  const host = requireHost(core);
  for (const { user, compute, project } of readRouteName(name)) {
    const route = await host.findRouteByName(compute, project);
    if (route !== null) return { gate: gateOf(core, route), user, userSuffix: name.slice(user.length) };
  }
  for (const { compute, project } of serverName === null ? [] : routeServerName(serverName)) {
    const route = await host.findRouteByName(compute, project);
    if (route !== null) return { gate: gateOf(core, route), user: name, userSuffix: '' };
  }
  return null;
}

export function gateOf(core: Core, { computeId, name }: Pick<Route, 'computeId' | 'name'>): ComputeGate {
  const known = core.gates.get(computeId);
  if (known !== undefined) {
    known.name = name;
    return known;
  }
  const gate = createComputeGate(core.clock, { computeId, name, loginsAtOnce: core.options.loginsAtOnce });
  core.gates.set(computeId, gate);
  return gate;
}

/** @throws COMPUTE_NOT_FOUND */
export async function requireRoute(core: Core, gate: ComputeGate): Promise<Route> {
  const route = await requireHost(core).findRoute(gate.computeId);
  if (route !== null) return route;
  throw new DozeError('COMPUTE_NOT_FOUND', `compute "${gate.name}" does not exist any more`);
}
