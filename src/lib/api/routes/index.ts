import { accessRoutes } from './access.ts';
import { agentRoutes } from './agent.ts';
import { computeRoutes } from './computes.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { imageRoutes } from './images.ts';
import { operationRoutes } from './operations.ts';
import { poolRoutes } from './pools.ts';
import { rateRoutes } from './rates.ts';
import { projectRoutes } from './projects.ts';
import { sessionRoutes } from './sessions.ts';
import { setupRoutes } from './setup.ts';
import { snapshotRoutes } from './snapshots.ts';
import { storageRoutes } from './storage.ts';
import { underWayRoutes } from './under-way.ts';
import { topRoutes } from './top.ts';
import { usageRoutes } from './usage.ts';
import type { Route } from './route.ts';

export type { AnswerKind, Route, Scope } from './route.ts';

const BY_SUBJECT: readonly Readonly<Record<string, Route>>[] = [
  agentRoutes,
  healthRoutes,
  computeRoutes,
  operationRoutes,
  snapshotRoutes,
  eventRoutes,
  sessionRoutes,
  usageRoutes,
  rateRoutes,
  topRoutes,
  imageRoutes,
  poolRoutes,
  projectRoutes,
  storageRoutes,
  setupRoutes,
  underWayRoutes,
  accessRoutes,
];

/** All of the API: the server has these routes and no other. */
export const ALL_ROUTES: readonly Route[] = BY_SUBJECT.flatMap((routes) => Object.values(routes));
