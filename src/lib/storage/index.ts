export { parseEndpoint } from './endpoint-url.ts';
export { probeService } from './probe-service.ts';
export type { ServiceWatch } from './service-watch.ts';
export { createStorageWatch, type StorageWatch } from './storage-watch.ts';
