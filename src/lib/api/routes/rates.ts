import { z } from 'zod';

import { rateCardRequestSchema, rateCardViewSchema } from '../contract.ts';
import { ratePath } from './parameters.ts';
import { jsonRoute } from './route.ts';

export const rateRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: '/rates',
    id: 'listRateCards',
    summary: 'List all versions of rate cards in the order in which they were added',
    role: 'read',
    scope: 'query',
    query: z.object({ project: z.string().optional() }).strict(),
    answer: z.array(rateCardViewSchema),
  }),
  add: jsonRoute({
    method: 'POST',
    path: '/rates/:name',
    id: 'addRateCard',
    summary: 'Add a version of a rate card; versions are never changed',
    isCreate: true,
    role: 'admin',
    scope: 'host',
    params: ratePath,
    body: rateCardRequestSchema,
    answer: rateCardViewSchema,
    errors: ['NAME_INVALID', 'VALUE_INVALID', 'RATES_CONFLICT'],
  }),
};
