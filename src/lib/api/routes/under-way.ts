import { z } from 'zod';

import { operationViewSchema } from '../contract.ts';
import { pageFields } from './parameters.ts';
import { jsonRoute } from './route.ts';

const MAX_WAIT_SECONDS = 60;

/** What other requests have begun. */
export const underWayRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: '/operations',
    id: 'listOperations',
    summary: 'List operations that run, and the last of those that have ended, newest first',
    role: 'read',
    scope: 'query',
    query: z.object({ project: z.string().optional(), ...pageFields }).strict(),
    answer: z.array(operationViewSchema),
  }),
  show: jsonRoute({
    method: 'GET',
    path: '/operations/:id',
    id: 'getOperation',
    summary: 'Show an operation: its progress, and its result or problem once it has ended',
    description: 'With `waitSeconds` it is answered as soon as the operation ends, or when that time is over.',
    role: 'read',
    scope: 'one',
    params: z.object({ id: z.string() }),
    query: z.object({ waitSeconds: z.coerce.number().min(0).max(MAX_WAIT_SECONDS).default(0) }).strict(),
    answer: operationViewSchema,
    errors: ['OPERATION_NOT_FOUND', 'OPERATION_LOST'],
  }),
};
