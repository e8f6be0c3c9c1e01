import { z } from 'zod';

import { sessionKillSchema, sessionViewSchema } from '../contract.ts';
import { ofCompute, pageFields, sessionPath } from './parameters.ts';
import { jsonRoute } from './route.ts';

export const sessionRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: '/sessions',
    id: 'listSessions',
    summary: "List clients' sessions at the gateway",
    role: 'read',
    scope: 'query',
    query: z.object({ ...ofCompute, ...pageFields }).strict(),
    answer: z.array(sessionViewSchema),
    errors: ['COMPUTE_NOT_FOUND'],
  }),
  kill: jsonRoute({
    method: 'POST',
    path: '/sessions/:id/kill',
    id: 'killSession',
    summary: 'End a session',
    role: 'operate',
    scope: 'one',
    params: sessionPath,
    answer: sessionKillSchema,
    errors: ['SESSION_NOT_FOUND'],
  }),
};
