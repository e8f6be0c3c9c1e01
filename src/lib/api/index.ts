/** The door for the agent: the contract, the server, and the views. The command line's door is `client/`. */
export type * from './contract.ts';
export { billView } from './bill-view.ts';
export type { AuditTrail, Caller, TokenBook } from './access.ts';
export { isoTime } from './iso-time.ts';
export { reachableHost } from './mysql-url.ts';
export { rateCardView } from './rate-card-view.ts';
export { createApiServer, type ApiServer } from './server/api-server.ts';
export type {
  AgentServices,
  ComputeServices,
  ComputeSnapshotServices,
  EventServices,
  EventsQuery,
  FollowQuery,
  KeptKey,
  ListQuery,
  LogsQuery,
  ProjectServices,
  ReportProgress,
  SessionsQuery,
  StorageServices,
  TagServices,
  UsageQuery,
  WaitQuery,
} from './services.ts';
export { projectView } from './project-view.ts';
export { sessionView } from './session-view.ts';
export { copyView, snapshotView } from './snapshot-view.ts';
export { storageView } from './storage-view.ts';
export { topRow, type TopFacts } from './top-view.ts';
export { usageView } from './usage-view.ts';
export { computeDetail, computeView, connectionView, eventView, type DetailFacts, type ViewFacts } from './views.ts';
