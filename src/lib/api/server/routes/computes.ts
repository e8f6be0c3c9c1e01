import type { FastifyInstance } from 'fastify';

import { parse, parsePath } from '../parse.ts';
import { connectionQuery, listQuery, waitQuery } from '../queries.ts';
import type { RouteContext } from '../route-context.ts';
import { signalOf } from '../signal-of.ts';

export function addComputeRoutes(api: FastifyInstance, context: RouteContext): void {
  const { computes } = context.services;
  api.get('/computes', (request) => {
    const { project = null, destroyed } = parse(listQuery, request.query, 'query');
    return computes.list({ project, includeDestroyed: destroyed });
  });
  api.get('/computes/:project/:name', (request, reply) => {
    const { project, name } = parsePath(request.params);
    return computes.show(project, name, signalOf(reply, context));
  });
  api.get('/computes/:project/:name/connection', (request) => {
    const { project, name } = parsePath(request.params);
    return computes.connection(project, name, parse(connectionQuery, request.query, 'query').as);
  });
  api.get('/computes/:project/:name/wait', (request, reply) => {
    const { project, name } = parsePath(request.params);
    const { state = null, timeoutSeconds } = parse(waitQuery, request.query, 'query');
    const query = { state, timeoutMs: timeoutSeconds * 1000 };
    return computes.wait(project, name, query, signalOf(reply, context));
  });
}
