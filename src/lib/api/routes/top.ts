import { z } from 'zod';

import { topViewSchema } from '../contract.ts';
import { ofCompute } from './parameters.ts';
import { jsonRoute } from './route.ts';

export const topRoutes = {
  look: jsonRoute({
    method: 'GET',
    path: '/top',
    id: 'getTop',
    summary: 'Look at all computes at once: who is awake, why, and what they use; wakes none',
    role: 'read',
    scope: 'query',
    query: z.object({ project: ofCompute.project }).strict(),
    answer: topViewSchema,
    errors: [],
  }),
};
