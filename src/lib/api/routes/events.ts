import { z } from 'zod';

import { eventViewSchema } from '../contract.ts';
import { ofCompute, wholeNumber } from './parameters.ts';
import { jsonRoute } from './route.ts';

const MAX_EVENTS = 10_000;

export const eventRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: '/events',
    id: 'listEvents',
    summary: 'List what happened to computes, in order: the latest, or those after a sequence number',
    role: 'read',
    scope: 'query',
    query: z
      .object({
        ...ofCompute,
        after: wholeNumber().optional(),
        limit: wholeNumber({ min: 1, max: MAX_EVENTS }).default(100),
      })
      .strict(),
    answer: z.array(eventViewSchema),
    errors: ['COMPUTE_NOT_FOUND'],
  }),
};
