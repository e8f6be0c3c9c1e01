export { parseEndpoint } from './endpoint-url.ts';
export { probeService } from './probe-service.ts';
export type { ServiceWatch } from './service-watch.ts';
export { withSnapshots, type Snapshots } from './snapshots.ts';
export { createStorageGate } from './storage-gate.ts';
export { createStorageWatch, type StorageWatch } from './storage-watch.ts';
