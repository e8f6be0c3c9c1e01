export { createGateway, type Gateway, type GatewayDeps } from './gateway.ts';
export type { ComputeTraffic } from './glance.ts';
export { createGatewayService, type GatewayService } from './session-gate.ts';
export type { ClientTlsOptions } from './tls/client-tls-options.ts';
export { GATEWAY_DEFAULTS, type GatewayOptions } from './options.ts';
