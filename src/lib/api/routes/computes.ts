import { z } from 'zod';

import { computeDetailSchema, computeViewSchema, connectionSchema, stateSchema } from '../contract.ts';
import { computePath, flag, logsQuery, pageFields } from './parameters.ts';
import { jsonRoute, textRoute } from './route.ts';

const MAX_WAIT_SECONDS = 86_400;
const DEFAULT_WAIT_SECONDS = 60;

/** Asking never wakes a compute. */
export const computeRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: '/computes',
    id: 'listComputes',
    summary: 'List computes',
    role: 'read',
    scope: 'query',
    query: z
      .object({
        project: z.string().optional(),
        /** Also those that are destroyed and whose data is kept. */
        destroyed: flag.default(false),
        ...pageFields,
      })
      .strict(),
    answer: z.array(computeViewSchema),
  }),
  show: jsonRoute({
    method: 'GET',
    path: '/computes/:project/:name',
    id: 'getCompute',
    tagged: 'compute',
    summary: 'Show a compute: what it is, and why it is awake or not',
    role: 'read',
    scope: 'path',
    params: computePath,
    answer: computeDetailSchema,
    errors: ['NAME_INVALID', 'COMPUTE_NOT_FOUND'],
  }),
  connection: jsonRoute({
    method: 'GET',
    path: '/computes/:project/:name/connection',
    id: 'getConnection',
    summary: 'How to connect to a compute, password included',
    role: 'operate',
    scope: 'path',
    params: computePath,
    query: z.object({ as: z.enum(['owner', 'root']).default('owner') }).strict(),
    answer: connectionSchema,
    errors: ['NAME_INVALID', 'COMPUTE_NOT_FOUND'],
  }),
  wait: jsonRoute({
    method: 'GET',
    path: '/computes/:project/:name/wait',
    id: 'waitForCompute',
    summary: 'Answer once a compute is in a state, or in any that is not on the way to another',
    role: 'read',
    scope: 'path',
    params: computePath,
    query: z
      .object({
        state: stateSchema.optional(),
        timeoutSeconds: z.coerce.number().min(0).max(MAX_WAIT_SECONDS).default(DEFAULT_WAIT_SECONDS),
      })
      .strict(),
    answer: computeDetailSchema,
    errors: ['NAME_INVALID', 'COMPUTE_NOT_FOUND', 'STATE_CONFLICT', 'TIMED_OUT'],
  }),
  logs: textRoute({
    method: 'GET',
    path: '/computes/:project/:name/logs',
    id: 'getComputeLogs',
    summary: "The server's log, line by line; with `follow` also what comes",
    role: 'read',
    scope: 'path',
    params: computePath,
    query: logsQuery,
    mediaType: 'text/plain; charset=utf-8',
    errors: ['NAME_INVALID', 'COMPUTE_NOT_FOUND', 'DOCKER_UNAVAILABLE'],
  }),
};
