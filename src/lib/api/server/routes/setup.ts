import type { FastifyInstance } from 'fastify';

import { emptyRequestSchema } from '../../contract.ts';
import { parse } from '../parse.ts';
import type { RouteContext } from '../route-context.ts';
import { signalOf } from '../signal-of.ts';
import { streamOperation } from '../stream-operation.ts';

export function addSetupRoutes(api: FastifyInstance, context: RouteContext): void {
  const { setup } = context.services;
  api.get('/setup', (_request, reply) => setup.find(signalOf(reply, context)));
  api.post('/setup/install', (request, reply) => {
    parse(emptyRequestSchema, request.body ?? {}, 'body');
    return streamOperation(reply, context, 'install a server', (onProgress) => setup.install(onProgress));
  });
}
