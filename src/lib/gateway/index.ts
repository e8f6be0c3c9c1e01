export type { GatewayDeps } from './core.ts';
export type { Gateway } from './gateway.ts';
export type { ComputeTraffic } from './glance.ts';
export { MAX_THREADS } from './connection-ids.ts';
export { createGatewayService, type GatewayService } from './session-gate.ts';
export { createThreadedGateway } from './threads/threaded-gateway.ts';
export type { ClientTlsOptions } from './tls/client-tls-options.ts';
export { GATEWAY_DEFAULTS, type GatewayOptions } from './options.ts';
