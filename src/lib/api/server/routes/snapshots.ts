import type { FastifyInstance } from 'fastify';

import { parseName } from '../../../domain/index.ts';
import { emptyRequestSchema, snapshotRequestSchema } from '../../contract.ts';
import { parse, parsePath } from '../parse.ts';
import type { RouteContext } from '../route-context.ts';
import { streamOperation } from '../stream-operation.ts';

const PATH = '/computes/:project/:name/snapshots';

/** Of computes on volumes. */
export function addSnapshotRoutes(api: FastifyInstance, context: RouteContext): void {
  const { snapshots } = context.services.computes;
  api.get(PATH, (request) => {
    const { project, name } = parsePath(request.params);
    return snapshots.list(project, name);
  });
  api.post(PATH, (request, reply) => {
    const { project, name } = parsePath(request.params);
    const body = parse(snapshotRequestSchema, request.body ?? {}, 'body');
    return streamOperation(reply, context, `snapshot ${project}/${name}`, (onProgress) =>
      snapshots.create(project, name, body, onProgress),
    );
  });
  api.post(`${PATH}/:snapshot/restore`, (request, reply) => {
    const { project, name } = parsePath(request.params);
    const snapshot = snapshotOf(request.params);
    parse(emptyRequestSchema, request.body ?? {}, 'body');
    return streamOperation(reply, context, `restore ${project}/${name}`, (onProgress, gone) =>
      snapshots.restore(project, name, snapshot, onProgress, gone),
    );
  });
  api.post(`${PATH}/:snapshot/delete`, (request, reply) => {
    const { project, name } = parsePath(request.params);
    const snapshot = snapshotOf(request.params);
    parse(emptyRequestSchema, request.body ?? {}, 'body');
    return streamOperation(reply, context, `delete a snapshot of ${project}/${name}`, () =>
      snapshots.delete(project, name, snapshot),
    );
  });
}

function snapshotOf(parameters: unknown): string {
  return parseName((parameters as { readonly snapshot: string }).snapshot, 'snapshot');
}
