import type { FastifyInstance } from 'fastify';

import { emptyRequestSchema } from '../../contract.ts';
import { parse } from '../parse.ts';
import { sessionPath, sessionsQuery } from '../queries.ts';
import type { RouteContext } from '../route-context.ts';

export function addSessionRoutes(api: FastifyInstance, context: RouteContext): void {
  const { sessions } = context.services;
  api.get('/sessions', (request) => {
    const { project = null, compute = null } = parse(sessionsQuery, request.query, 'query');
    return sessions.list({ project, compute });
  });
  api.post('/sessions/:id/kill', (request) => {
    parse(emptyRequestSchema, request.body ?? {}, 'body');
    return sessions.kill(parse(sessionPath, request.params, 'path').id);
  });
}
