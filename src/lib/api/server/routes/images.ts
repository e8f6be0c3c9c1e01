import type { FastifyInstance } from 'fastify';

import { imageBuildRequestSchema } from '../../contract.ts';
import { parse } from '../parse.ts';
import type { RouteContext } from '../route-context.ts';
import { signalOf } from '../signal-of.ts';
import { streamOperation } from '../stream-operation.ts';

export function addImageRoutes(api: FastifyInstance, context: RouteContext): void {
  const { images } = context.services;
  api.get('/images', (_request, reply) => images.list(signalOf(reply, context)));
  api.post('/images/build', (request, reply) => {
    const body = parse(imageBuildRequestSchema, request.body ?? {}, 'body');
    return streamOperation(reply, context, `build ${body.engine}`, (onProgress) => images.build(body, onProgress));
  });
}
