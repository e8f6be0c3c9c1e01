import type { FastifyReply } from 'fastify';

import { DozeError } from '../../errors/index.ts';
import type { RouteContext } from './route-context.ts';

/** Aborts when the caller goes away or the agent stops: for requests that nobody wants without an answer. */
export function signalOf(reply: FastifyReply, { stopping }: RouteContext): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new DozeError('INTERRUPTED', 'the caller went away'));
  });
  return AbortSignal.any([gone.signal, stopping]);
}
