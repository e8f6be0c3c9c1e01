// Not `createGateway`: it is for the threads, and would load here all that only they need.
export type { ComputeTraffic } from './glance.ts';
export { MAX_THREADS } from './connection-ids.ts';
export { createThreadedGateway } from './threads/threaded-gateway.ts';
export type { GatewayService } from './gateway-service.ts';
export { GATEWAY_DEFAULTS, type GatewayOptions } from './options.ts';
