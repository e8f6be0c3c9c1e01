export { createGateway, type Gateway, type GatewayDeps } from './gateway.ts';
export type { ComputeTraffic } from './glance.ts';
export { MAX_THREADS } from './connection-ids.ts';
export { createGatewayService, type GatewayService } from './session-gate.ts';
export { createThreadedGateway } from './threads/threaded-gateway.ts';
export { GATEWAY_DEFAULTS, type GatewayOptions } from './options.ts';
