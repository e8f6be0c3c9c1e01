import { z } from 'zod';

import { eventViewSchema } from '../contract.ts';
import { ofCompute, wholeNumber } from './parameters.ts';
import { eventsRoute, jsonRoute } from './route.ts';

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
  stream: eventsRoute({
    method: 'GET',
    path: '/events/stream',
    id: 'streamEvents',
    summary: 'What happens to computes, as it happens',
    description:
      'Server-sent events: `id` is the sequence number, `event` the type, `data` an EventView. Begins after the ' +
      'Last-Event-ID header, or after `after`, or with what comes next; so who was cut off misses nothing.',
    role: 'read',
    scope: 'query',
    query: z.object({ ...ofCompute, after: wholeNumber().optional() }).strict(),
    answer: eventViewSchema,
    errors: ['COMPUTE_NOT_FOUND'],
  }),
};
