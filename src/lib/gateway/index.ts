export { createGateway, type ComputeTraffic, type Gateway, type GatewayDeps } from './gateway.ts';
export { GATEWAY_DEFAULTS, type GatewayOptions } from './options.ts';
