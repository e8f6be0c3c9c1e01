import { z } from 'zod';

import { EXPORT_FORMATS } from '../../domain/index.ts';
import {
  billViewSchema,
  pushRequestSchema,
  pushResultSchema,
  usageGroupSchema,
  usagePeriodSchema,
  usageReportSchema,
} from '../contract.ts';
import { flag, instant, month, ofCompute } from './parameters.ts';
import { jsonRoute, operationRoute, textRoute } from './route.ts';

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
  bill: jsonRoute({
    method: 'GET',
    path: '/usage/bill',
    id: 'getBill',
    summary: "Make a project's bill of a calendar month; of one that is not over, what was used so far",
    role: 'read',
    scope: 'query',
    query: z.object({ project: z.string(), month, alwaysOn: flag.default(false) }).strict(),
    answer: billViewSchema,
    errors: ['TIME_INVALID', 'PROJECT_NOT_FOUND', 'RATES_CONFLICT'],
  }),
  export: textRoute({
    method: 'GET',
    path: '/usage/export',
    id: 'exportUsage',
    summary: 'Export usage by the hour, complete hours only: FOCUS 1.2, CloudEvents as NDJSON, CSV or JSON',
    role: 'read',
    scope: 'query',
    query: z
      .object({
        format: z.enum(EXPORT_FORMATS),
        project: z.string().optional(),
        since: instant.optional(),
        until: instant.optional(),
      })
      .strict(),
    errors: ['TIME_INVALID'],
  }),
  push: operationRoute({
    method: 'POST',
    path: '/usage/push',
    id: 'pushUsage',
    summary: 'Send the usage of complete hours to a receiver as CloudEvents, at least once',
    description: 'It ends when the caller goes away; the next one goes on where it stopped.',
    role: 'admin',
    scope: 'host',
    body: pushRequestSchema,
    answer: pushResultSchema,
    errors: ['VALUE_INVALID', 'STATE_CONFLICT', 'PUSH_REFUSED', 'PUSH_FAILED'],
  }),
};
