import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';
import { addAgentRoutes } from './agent.ts';
import { addComputeRoutes } from './computes.ts';
import { addEventRoutes } from './events.ts';
import { addImageRoutes } from './images.ts';
import { addOperationRoutes } from './operations.ts';
import { addPoolRoutes } from './pools.ts';
import { addSessionRoutes } from './sessions.ts';
import { addSetupRoutes } from './setup.ts';
import { addSnapshotRoutes } from './snapshots.ts';
import { addStorageRoutes } from './storage.ts';
import { addUsageRoutes } from './usage.ts';

/** Each parses nothing and decides nothing: what is asked for, of which service. */
export function addAllRoutes(api: RouteAdder, services: AgentServices, version: string): void {
  addAgentRoutes(api, services, version);
  addComputeRoutes(api, services);
  addOperationRoutes(api, services);
  addEventRoutes(api, services);
  addUsageRoutes(api, services);
  addImageRoutes(api, services);
  addPoolRoutes(api, services);
  addSessionRoutes(api, services);
  addSetupRoutes(api, services);
  addSnapshotRoutes(api, services);
  addStorageRoutes(api, services);
}
