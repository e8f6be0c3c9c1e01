import type { FastifyInstance } from 'fastify';

import { parse } from '../parse.ts';
import { eventsQuery } from '../queries.ts';
import type { RouteContext } from '../route-context.ts';

export function addEventRoutes(api: FastifyInstance, { services }: RouteContext): void {
  api.get('/events', (request) => {
    const { project = null, compute = null, after = null, limit } = parse(eventsQuery, request.query, 'query');
    return services.events.list({ project, compute, afterSeq: after, limit });
  });
}
