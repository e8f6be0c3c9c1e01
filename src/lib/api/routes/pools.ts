import { z } from 'zod';

import { poolRequestSchema, poolViewSchema } from '../contract.ts';
import { jsonRoute, operationRoute } from './route.ts';

export const poolRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: '/pools',
    id: 'listPools',
    summary: 'List the warm pools: instances that wait for new computes to take them',
    role: 'read',
    scope: 'host',
    answer: z.array(poolViewSchema),
  }),
  set: operationRoute({
    method: 'POST',
    path: '/pools',
    id: 'setPool',
    summary: 'Say how many instances wait; they are made behind the answer',
    description: 'A stream, as the image may have to be pulled first.',
    role: 'admin',
    scope: 'host',
    body: poolRequestSchema,
    answer: poolViewSchema,
    errors: ['VALUE_INVALID', 'IMAGE_NOT_FOUND', 'IMAGE_UNAVAILABLE', 'DOCKER_UNAVAILABLE'],
  }),
};
