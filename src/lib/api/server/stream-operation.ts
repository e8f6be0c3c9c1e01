import { PassThrough } from 'node:stream';

import type { FastifyReply } from 'fastify';

import { abortReason } from '../../clock.ts';
import { toDozeError } from '../../errors/index.ts';
import type { StreamLine } from '../contract.ts';
import { STREAM_TYPE } from '../protocol.ts';
import type { Operation } from './operations/operation.ts';
import { errorBody } from './problem.ts';
import type { RouteContext } from './route-context.ts';
import { signalOf } from './signal-of.ts';

/**
 * Tells a caller how an operation goes. It is bound to the agent and not to the caller: it goes on when the connection
 * ends, but for a wait that is for nobody then.
 */
export function streamOperation(reply: FastifyReply, context: RouteContext, operation: Operation): FastifyReply {
  const { cutOff } = context;
  const stream = new PassThrough();
  // The caller went away: nobody is left to tell.
  stream.on('error', () => undefined);

  const write = (line: StreamLine<unknown>): void => {
    if (stream.writable) stream.write(`${JSON.stringify(line)}\n`);
  };
  const end = (line: StreamLine<unknown>): void => {
    leave();
    write(line);
    stream.end();
  };
  const onCutOff = (): void => end({ type: 'error', ...errorBody(toDozeError(abortReason(cutOff))) });

  operation.attach(signalOf(reply, context));
  cutOff.addEventListener('abort', onCutOff, { once: true });
  let unfollow = (): void => undefined;
  const leave = (): void => {
    unfollow();
    cutOff.removeEventListener('abort', onCutOff);
    reply.raw.removeListener('close', leave);
  };
  reply.raw.once('close', leave);
  unfollow = operation.follow({
    onProgress(line) {
      // A caller that does not read misses progress, and costs no memory.
      if (!stream.writableNeedDrain) write({ type: 'progress', ...line });
    },
    onEnd: (outcome) =>
      end(
        outcome.kind === 'result'
          ? { type: 'result', result: outcome.result }
          : { type: 'error', ...errorBody(outcome.error) },
      ),
  });
  return reply.type(STREAM_TYPE).send(stream);
}
