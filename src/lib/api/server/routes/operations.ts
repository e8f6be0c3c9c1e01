import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';

import {
  cloneRequestSchema,
  destroyRequestSchema,
  emptyRequestSchema,
  resizeRequestSchema,
  setRequestSchema,
  restartRequestSchema,
  startRequestSchema,
  suspendRequestSchema,
  type OperationResult,
} from '../../contract.ts';
import type { ReportProgress } from '../../services.ts';
import { parse, parsePath } from '../parse.ts';
import type { RouteContext } from '../route-context.ts';
import { streamOperation } from '../stream-operation.ts';

/** Each answers with a stream; the operation goes on when the caller goes away. */
export function addOperationRoutes(api: FastifyInstance, context: RouteContext): void {
  const { computes } = context.services;

  function add<Schema extends z.ZodType>(
    verb: string,
    schema: Schema,
    run: (
      project: string,
      name: string,
      request: z.output<Schema>,
      onProgress: ReportProgress,
      gone: AbortSignal,
    ) => Promise<OperationResult>,
  ): void {
    api.post(`/computes/:project/:name/${verb}`, (request, reply) => {
      const { project, name } = parsePath(request.params);
      const body = parse(schema, request.body ?? {}, 'body');
      return streamOperation(reply, context, `${verb} ${project}/${name}`, (onProgress, gone) =>
        run(project, name, body, onProgress, gone),
      );
    });
  }

  add('start', startRequestSchema, computes.start);
  add('suspend', suspendRequestSchema, computes.suspend);
  add('resume', emptyRequestSchema, (project, name, _request, onProgress, gone) =>
    computes.resume(project, name, onProgress, gone),
  );
  add('restart', restartRequestSchema, computes.restart);
  add('resize', resizeRequestSchema, computes.resize);
  add('set', setRequestSchema, computes.set);
  add('clone', cloneRequestSchema, computes.clone);
  add('destroy', destroyRequestSchema, computes.destroy);
}
