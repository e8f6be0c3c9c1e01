/** The door for the command line: types and the client, without the server or the schema library. */
export type * from '../contract.ts';
export {
  createApiClient,
  type ApiClient,
  type ApiClientOptions,
  type CallOptions,
  type ComputeListQuery,
  type ConnectionAs,
  type LogQuery,
  type OnProgress,
  type WaitQuery,
} from './api-client.ts';
export type { Link } from './link.ts';
export type { AuditQuery } from './access-calls.ts';
export type { EventQuery } from './event-calls.ts';
export { ensureAgent, isAnswering, type EnsureAgentOptions, type EnsuredAgent } from './ensure-agent.ts';
