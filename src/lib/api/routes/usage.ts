import { z } from 'zod';

import { usageGroupSchema, usagePeriodSchema, usageReportSchema } from '../contract.ts';
import { instant, ofCompute } from './parameters.ts';
import { jsonRoute } from './route.ts';

export const usageRoutes = {
  report: jsonRoute({
    method: 'GET',
    path: '/usage',
    id: 'getUsage',
    summary: 'Report what was used in a window, by compute, project or time; destroyed computes stay in it',
    role: 'read',
    scope: 'query',
    query: z
      .object({
        ...ofCompute,
        since: instant.optional(),
        until: instant.optional(),
        by: usageGroupSchema.default('compute'),
        /** Also when computes were awake. */
        activity: usagePeriodSchema.optional(),
      })
      .strict(),
    answer: usageReportSchema,
    errors: ['TIME_INVALID'],
  }),
};
