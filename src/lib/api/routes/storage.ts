import { z } from 'zod';

import {
  emptyAnswerSchema,
  storageAddRequestSchema,
  storageSnapshotRequestSchema,
  storageSnapshotSchema,
  storageViewSchema,
} from '../contract.ts';
import type { ErrorCode } from '../../errors/index.ts';
import { storagePath, storageSnapshotPath } from './parameters.ts';
import { jsonRoute } from './route.ts';

const OF_A_SERVICE = ['NAME_INVALID', 'STORAGE_NOT_FOUND'] as const satisfies readonly ErrorCode[];
const OF_SNAPSHOTS = [
  ...OF_A_SERVICE,
  'STORAGE_NO_SNAPSHOTS',
  'STORAGE_UNAVAILABLE',
] as const satisfies readonly ErrorCode[];

const read = { method: 'GET', role: 'read', scope: 'host', params: storagePath } as const;
const change = { method: 'POST', role: 'admin', scope: 'host', params: storagePath } as const;

/** Page Servers and Safekeepers. */
export const storageRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: '/storage',
    id: 'listStorage',
    summary: 'List registered storage services, with what is known of them; asks none of them',
    role: 'read',
    scope: 'host',
    answer: z.array(storageViewSchema),
  }),
  show: jsonRoute({
    ...read,
    path: '/storage/:name',
    id: 'getStorage',
    summary: 'Show a storage service',
    answer: storageViewSchema,
    errors: OF_A_SERVICE,
  }),
  add: jsonRoute({
    ...change,
    path: '/storage/:name',
    id: 'addStorage',
    isCreate: true,
    summary: 'Register a storage service; looks at it first',
    body: storageAddRequestSchema,
    answer: storageViewSchema,
    errors: ['NAME_INVALID', 'NAME_IN_USE', 'STORAGE_INVALID', 'STORAGE_MISTAKEN', 'STORAGE_UNAVAILABLE'],
  }),
  check: jsonRoute({
    ...read,
    method: 'POST',
    path: '/storage/:name/check',
    id: 'checkStorage',
    summary: 'Look at a storage service now',
    answer: storageViewSchema,
    errors: OF_A_SERVICE,
  }),
  remove: jsonRoute({
    ...change,
    path: '/storage/:name/remove',
    id: 'removeStorage',
    summary: 'Forget a storage service',
    answer: emptyAnswerSchema,
    errors: [...OF_A_SERVICE, 'STORAGE_IN_USE'],
  }),
  listSnapshots: jsonRoute({
    ...read,
    path: '/storage/:name/snapshots',
    id: 'listStorageSnapshots',
    summary: 'List the snapshots of a Page Server',
    answer: z.array(storageSnapshotSchema),
    errors: OF_SNAPSHOTS,
  }),
  showSnapshot: jsonRoute({
    ...read,
    path: '/storage/:name/snapshots/:id',
    params: storageSnapshotPath,
    id: 'getStorageSnapshot',
    summary: 'Show a snapshot of a Page Server',
    answer: storageSnapshotSchema,
    errors: [...OF_SNAPSHOTS, 'STORAGE_SNAPSHOT_NOT_FOUND'],
  }),
  createSnapshot: jsonRoute({
    ...change,
    path: '/storage/:name/snapshots',
    id: 'createStorageSnapshot',
    isCreate: true,
    summary: 'Take a snapshot of a Page Server',
    body: storageSnapshotRequestSchema,
    answer: storageSnapshotSchema,
    errors: OF_SNAPSHOTS,
  }),
};
