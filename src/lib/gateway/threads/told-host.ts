import type { GatewayHost } from '../ports.ts';
import type { Peer } from './peer.ts';
import type { MainCalls } from './protocol.ts';

/** The control plane as a thread has it: a message away. */
export function createToldHost(main: Peer<MainCalls>): GatewayHost {
  return {
    findRoute: (computeId) => main.ask('findRoute', [computeId]),
    findRouteByName: (name, project) => main.ask('findRouteByName', [name, project]),
    activeEndpoint: (computeId) => main.ask('activeEndpoint', [computeId]),
    wake: (computeId, signal) => main.ask('wake', [computeId], signal),
    whyWaiting: (computeId) => main.ask('whyWaiting', [computeId]),
    admit: (computeId, id) => main.ask('admit', [computeId, id]),
    leave: (id) => main.tell('leave', [id]),
    accounts: (computeId) => main.ask('accounts', [computeId]),
    refreshAccounts: (computeId) => main.ask('refreshAccounts', [computeId]),
    readRoutineEffects: (computeId) => main.ask('readRoutineEffects', [computeId]),
  };
}
