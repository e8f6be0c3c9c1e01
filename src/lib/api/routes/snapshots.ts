import { z } from 'zod';

import {
  computeSnapshotSchema,
  operationResultSchema,
  snapshotRequestSchema,
  snapshotResultSchema,
} from '../contract.ts';
import { computePath, snapshotPath } from './parameters.ts';
import { jsonRoute, operationRoute } from './route.ts';

const PATH = '/computes/:project/:name/snapshots';

/** Of computes on volumes. */
export const snapshotRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: PATH,
    id: 'listComputeSnapshots',
    summary: "List a compute's snapshots, oldest first",
    role: 'read',
    scope: 'path',
    params: computePath,
    answer: z.array(computeSnapshotSchema),
    errors: ['NAME_INVALID', 'COMPUTE_NOT_FOUND'],
  }),
  create: operationRoute({
    method: 'POST',
    path: PATH,
    id: 'createComputeSnapshot',
    isCreate: true,
    summary: "Keep a compute's data as it is now",
    role: 'operate',
    scope: 'path',
    params: computePath,
    body: snapshotRequestSchema,
    answer: snapshotResultSchema,
    errors: ['NAME_INVALID', 'COMPUTE_NOT_FOUND', 'NAME_IN_USE', 'CLONE_UNSUPPORTED', 'DISK_FULL', 'QUOTA_EXCEEDED'],
  }),
  restore: operationRoute({
    method: 'POST',
    path: `${PATH}/:snapshot/restore`,
    id: 'restoreComputeSnapshot',
    tagged: 'compute',
    summary: "Make a compute's data what a snapshot kept",
    role: 'operate',
    scope: 'path',
    params: snapshotPath,
    answer: operationResultSchema,
    errors: ['NAME_INVALID', 'COMPUTE_NOT_FOUND', 'SNAPSHOT_NOT_FOUND', 'STATE_CONFLICT', 'DISK_FULL'],
  }),
  delete: operationRoute({
    method: 'POST',
    path: `${PATH}/:snapshot/delete`,
    id: 'deleteComputeSnapshot',
    summary: 'Delete a snapshot',
    role: 'operate',
    scope: 'path',
    params: snapshotPath,
    answer: snapshotResultSchema,
    errors: ['NAME_INVALID', 'COMPUTE_NOT_FOUND', 'SNAPSHOT_NOT_FOUND'],
  }),
};
