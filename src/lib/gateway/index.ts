export { createGateway, type ComputeTraffic, type Gateway, type GatewayDeps } from './gateway.ts';
export type { ClientTlsOptions } from './tls/client-tls-options.ts';
export { GATEWAY_DEFAULTS, type GatewayOptions } from './options.ts';
