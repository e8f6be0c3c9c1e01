import type { FastifyInstance } from 'fastify';

import { poolRequestSchema } from '../../contract.ts';
import { parse } from '../parse.ts';
import type { RouteContext } from '../route-context.ts';
import { streamOperation } from '../stream-operation.ts';

export function addPoolRoutes(api: FastifyInstance, context: RouteContext): void {
  const { pools } = context.services;
  api.get('/pools', () => pools.list());
  // A stream, as the image may have to be pulled first.
  api.post('/pools', (request, reply) => {
    const body = parse(poolRequestSchema, request.body ?? {}, 'body');
    return streamOperation(reply, context, 'pool', (onProgress) => pools.set(body, onProgress));
  });
}
