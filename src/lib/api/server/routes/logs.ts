import { Readable } from 'node:stream';

import type { FastifyInstance } from 'fastify';

import { parse, parsePath } from '../parse.ts';
import { logsQuery } from '../queries.ts';
import type { RouteContext } from '../route-context.ts';
import { signalOf } from '../signal-of.ts';

export function addLogRoutes(api: FastifyInstance, context: RouteContext): void {
  api.get('/computes/:project/:name/logs', (request, reply) => {
    const { project, name } = parsePath(request.params);
    const query = parse(logsQuery, request.query, 'query');
    const lines = context.services.computes.logs(project, name, query, signalOf(reply, context));
    return reply.type('text/plain; charset=utf-8').send(Readable.from(withLineEnds(lines), { objectMode: false }));
  });
}

async function* withLineEnds(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(`${line}\n`);
}
