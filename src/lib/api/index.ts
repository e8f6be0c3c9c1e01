/** The door for the agent: the contract, the server, and the views. The command line's door is `client/`. */
export type * from './contract.ts';
export type {
  AgentServices,
  ComputeServices,
  EventsQuery,
  ListQuery,
  LogsQuery,
  ReportProgress,
  UsageQuery,
  WaitQuery,
} from './services.ts';
export { createApiServer, type ApiServer } from './server/api-server.ts';
