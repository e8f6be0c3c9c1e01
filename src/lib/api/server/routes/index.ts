import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';
import type { OperationBook } from '../operations/operation-book.ts';
import { addAccessRoutes } from './access.ts';
import { addAgentRoutes } from './agent.ts';
import { addComputeRoutes } from './computes.ts';
import { addEventRoutes } from './events.ts';
import { addHealthRoutes } from './health.ts';
import { addImageRoutes } from './images.ts';
import { addOperationRoutes } from './operations.ts';
import { addPoolRoutes } from './pools.ts';
import { addRateRoutes } from './rates.ts';
import { addProjectRoutes } from './projects.ts';
import { addSessionRoutes } from './sessions.ts';
import { addSetupRoutes } from './setup.ts';
import { addSnapshotRoutes } from './snapshots.ts';
import { addStorageRoutes } from './storage.ts';
import { addUnderWayRoutes } from './under-way.ts';
import { addTopRoutes } from './top.ts';
import { addUsageRoutes } from './usage.ts';

export interface RouteParts {
  readonly services: AgentServices;
  readonly book: OperationBook;
  readonly version: string;
}

/** Each parses nothing and decides nothing: what is asked for, of which service. */
export function addAllRoutes(api: RouteAdder, { services, book, version }: RouteParts): void {
  addAgentRoutes(api, services, version);
  addHealthRoutes(api, services);
  addComputeRoutes(api, services);
  addOperationRoutes(api, services);
  addEventRoutes(api, services);
  addUsageRoutes(api, services);
  addRateRoutes(api, services);
  addTopRoutes(api, services);
  addImageRoutes(api, services);
  addPoolRoutes(api, services);
  addProjectRoutes(api, services);
  addSessionRoutes(api, services);
  addSetupRoutes(api, services);
  addAccessRoutes(api, services);
  addSnapshotRoutes(api, services);
  addStorageRoutes(api, services);
  addUnderWayRoutes(api, book);
}
