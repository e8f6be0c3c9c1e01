import type { Compute } from '../domain/index.ts';
import { knownAccounts, refreshForRefusal } from './account-cache.ts';
import { identityOf } from './server-identity.ts';
import { connectionPoolOf } from './set-connection-pool.ts';
import type { Core } from './core.ts';
import { readRoutineEffects } from './read-routine-effects.ts';
import type { ComputeHost, Route } from './ports.ts';
import { activeEndpoint, wake } from './wake.ts';

/** The control plane as the gateway sees it. */
export function createHost(core: Core, defaultProject: string): ComputeHost {
  return {
    findRoute: (computeId) => routeOf(core, core.store.getCompute(computeId)),
    findRouteByName: (name, project) => routeOf(core, core.store.findCompute(project ?? defaultProject, name)),
    activeEndpoint: (computeId) => activeEndpoint(core, computeId),
    wake: (computeId, signal) => wake(core, computeId, signal),
    whyWaiting: (computeId) => core.room.whyWaiting(computeId),
    admit: (computeId, id, account = null) => {
      const compute = core.store.getCompute(computeId);
      // One that is gone is told so by the wake.
      const accounts = account === null ? null : knownAccounts(core, computeId);
      const claim = account === null || accounts === null ? undefined : { account, accounts };
      if (compute !== null) core.seats.take(compute, id, claim);
    },
    leave: (id) => {
      core.seats.leave(id);
    },
    accounts: (computeId) => knownAccounts(core, computeId),
    refreshAccounts: (computeId) => refreshForRefusal(core, computeId),
    readRoutineEffects: (computeId) => readRoutineEffects(core, computeId),
  };
}

function routeOf(core: Core, compute: Compute | null): Route | null {
  if (compute === null || compute.state === 'destroying' || compute.state === 'destroyed') return null;
  return {
    computeId: compute.id,
    name: compute.name,
    project: compute.project,
    serverVersion: compute.serverVersion,
    connectionPool: connectionPoolOf(core, compute),
    certificate: identityOf(core, compute)?.certificate ?? null,
  };
}
