import type { FastifyInstance } from 'fastify';

import { parseName } from '../../../domain/index.ts';
import { storageAddRequestSchema, storageSnapshotRequestSchema } from '../../contract.ts';
import { parse } from '../parse.ts';
import type { RouteContext } from '../route-context.ts';
import { signalOf } from '../signal-of.ts';

export function addStorageRoutes(api: FastifyInstance, context: RouteContext): void {
  const { storage } = context.services;
  api.get('/storage', () => storage.list());
  api.get('/storage/:name', (request) => storage.show(nameOf(request.params)));
  api.post('/storage/:name', (request, reply) => {
    const body = parse(storageAddRequestSchema, request.body ?? {}, 'body');
    return storage.add(nameOf(request.params), body, signalOf(reply, context));
  });
  api.post('/storage/:name/check', (request) => storage.check(nameOf(request.params)));
  api.post('/storage/:name/remove', async (request) => {
    await storage.remove(nameOf(request.params));
    return {};
  });
  api.get('/storage/:name/snapshots', (request, reply) =>
    storage.snapshots.list(nameOf(request.params), signalOf(reply, context)),
  );
  api.get('/storage/:name/snapshots/:id', (request, reply) => {
    const { id } = request.params as { readonly id: string };
    return storage.snapshots.show(nameOf(request.params), id, signalOf(reply, context));
  });
  api.post('/storage/:name/snapshots', (request, reply) => {
    const body = parse(storageSnapshotRequestSchema, request.body ?? {}, 'body');
    return storage.snapshots.create(nameOf(request.params), body, signalOf(reply, context));
  });
}

function nameOf(parameters: unknown): string {
  return parseName((parameters as { readonly name: string }).name, 'storage service');
}
