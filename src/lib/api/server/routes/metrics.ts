import type { FastifyInstance } from 'fastify';

import type { RouteContext } from '../route-context.ts';

/** Prometheus text exposition format, version 0.0.4. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function addMetricsRoute(api: FastifyInstance, { services }: RouteContext): void {
  api.get('/metrics', async (_request, reply) => reply.type(CONTENT_TYPE).send(await services.metrics()));
}
