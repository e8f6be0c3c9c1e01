import {
  cloneRequestSchema,
  destroyRequestSchema,
  operationResultSchema,
  resizeRequestSchema,
  restartRequestSchema,
  setRequestSchema,
  startRequestSchema,
  suspendRequestSchema,
} from '../contract.ts';
import type { ErrorCode } from '../../errors/index.ts';
import { computePath } from './parameters.ts';
import { operationRoute } from './route.ts';

/** What all of these may answer with. */
const OF_A_COMPUTE = ['NAME_INVALID', 'COMPUTE_NOT_FOUND', 'STATE_CONFLICT'] as const satisfies readonly ErrorCode[];

/** What keeps a server from starting. */
const OF_A_START = [
  'QUOTA_EXCEEDED',
  'QUOTA_IN_USE',
  'HOST_FULL',
  'HOST_TOO_SMALL',
  'DOCKER_UNAVAILABLE',
  'IMAGE_UNAVAILABLE',
  'SERVER_START_FAILED',
  'STORAGE_UNAVAILABLE',
  'DISK_FULL',
  'TIMED_OUT',
] as const satisfies readonly ErrorCode[];

const OF_SETTINGS = ['SIZE_INVALID', 'VALUE_INVALID', 'SETTING_FIXED'] as const satisfies readonly ErrorCode[];

const common = { method: 'POST', role: 'operate', scope: 'path', params: computePath, tagged: 'compute' } as const;

export const operationRoutes = {
  start: operationRoute({
    ...common,
    path: '/computes/:project/:name/start',
    id: 'startCompute',
    isCreate: true,
    summary: 'Make a compute, wake it, or change its settings; nothing if it is so already',
    body: startRequestSchema,
    answer: operationResultSchema,
    errors: [
      ...OF_A_COMPUTE,
      ...OF_A_START,
      ...OF_SETTINGS,
      'ENGINE_UNKNOWN',
      'LADDER_INVALID',
      'DEPTH_UNSUPPORTED',
      'NOTHING_TO_RESTORE',
      'STORAGE_NOT_FOUND',
      'PORTS_TAKEN',
      'NO_DRIVER',
    ],
  }),
  suspend: operationRoute({
    ...common,
    path: '/computes/:project/:name/suspend',
    id: 'suspendCompute',
    summary: 'Put a compute to sleep',
    body: suspendRequestSchema,
    answer: operationResultSchema,
    errors: [...OF_A_COMPUTE, 'COMPUTE_BUSY', 'DEPTH_UNSUPPORTED'],
  }),
  resume: operationRoute({
    ...common,
    path: '/computes/:project/:name/resume',
    id: 'resumeCompute',
    summary: 'Wake a compute',
    answer: operationResultSchema,
    errors: [...OF_A_COMPUTE, ...OF_A_START],
  }),
  restart: operationRoute({
    ...common,
    path: '/computes/:project/:name/restart',
    id: 'restartCompute',
    summary: "End a compute's server and start it again",
    body: restartRequestSchema,
    answer: operationResultSchema,
    errors: [...OF_A_COMPUTE, ...OF_A_START, 'COMPUTE_BUSY'],
  }),
  resize: operationRoute({
    ...common,
    path: '/computes/:project/:name/resize',
    id: 'resizeCompute',
    summary: 'Give a compute another size, or a range of sizes; no connection drops',
    body: resizeRequestSchema,
    answer: operationResultSchema,
    errors: [...OF_A_COMPUTE, 'SIZE_INVALID', 'RESIZE_REFUSED', 'HOST_TOO_SMALL', 'QUOTA_EXCEEDED', 'QUOTA_IN_USE'],
  }),
  set: operationRoute({
    ...common,
    path: '/computes/:project/:name/set',
    id: 'setCompute',
    summary: "Change a compute's settings",
    body: setRequestSchema,
    answer: operationResultSchema,
    errors: [...OF_A_COMPUTE, ...OF_SETTINGS],
  }),
  clone: operationRoute({
    ...common,
    path: '/computes/:project/:name/clone',
    id: 'cloneCompute',
    isCreate: true,
    summary: "Make a new compute with a compute's data, as it is now or as a snapshot kept it",
    body: cloneRequestSchema,
    answer: operationResultSchema,
    errors: [...OF_A_COMPUTE, ...OF_A_START, 'NAME_IN_USE', 'SNAPSHOT_NOT_FOUND', 'CLONE_UNSUPPORTED'],
  }),
  destroy: operationRoute({
    ...common,
    path: '/computes/:project/:name/destroy',
    id: 'destroyCompute',
    summary: 'Destroy a compute; its data is kept for a while unless it is purged',
    body: destroyRequestSchema,
    answer: operationResultSchema,
    errors: [...OF_A_COMPUTE],
  }),
};
