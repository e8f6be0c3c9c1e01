import type { FastifyInstance } from 'fastify';

import { DozeError } from '../../../errors/index.ts';
import { parse } from '../parse.ts';
import { usageQuery } from '../queries.ts';
import type { RouteContext } from '../route-context.ts';

export function addUsageRoutes(api: FastifyInstance, { services }: RouteContext): void {
  api.get('/usage', (request) => {
    const { project = null, compute = null, since, until } = parse(usageQuery, request.query, 'query');
    const sinceMs = since === undefined ? null : Date.parse(since);
    const untilMs = until === undefined ? null : Date.parse(until);
    if (sinceMs !== null && untilMs !== null && sinceMs >= untilMs) {
      throw new DozeError('TIME_INVALID', `the window from ${since} to ${until} has no length`, {
        hint: 'give a --since that is before --until',
      });
    }
    return services.usage.report({ project, compute, sinceMs, untilMs });
  });
}
