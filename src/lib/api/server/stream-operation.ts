import { PassThrough } from 'node:stream';

import type { FastifyReply } from 'fastify';

import { abortReason } from '../../clock.ts';
import { toDozeError } from '../../errors/index.ts';
import type { StreamLine } from '../contract.ts';
import { STREAM_TYPE } from '../protocol.ts';
import type { ReportProgress } from '../services.ts';
import { logError } from './answer-errors.ts';
import { errorBody } from './problem.ts';
import type { RouteContext } from './route-context.ts';
import { signalOf } from './signal-of.ts';

/**
 * Runs an operation and tells its caller how it goes. It is bound to the agent and not to the caller: it goes on
 * when the connection ends, but for a wait that `gone` is to end.
 */
export function streamOperation<Result>(
  reply: FastifyReply,
  context: RouteContext,
  what: string,
  run: (onProgress: ReportProgress, gone: AbortSignal) => Promise<Result>,
): FastifyReply {
  const { clock, logger, cutOff } = context;
  const gone = signalOf(reply, context);
  const startedMs = clock.monotonicMs();
  const stream = new PassThrough();
  // The caller went away: nobody is left to tell.
  stream.on('error', () => undefined);

  const write = (line: StreamLine<Result>): void => {
    if (stream.writable) stream.write(`${JSON.stringify(line)}\n`);
  };
  const onProgress: ReportProgress = (message) => {
    // A caller that does not read misses progress, and costs no memory.
    if (stream.writableNeedDrain) return;
    write({ type: 'progress', message, elapsedMs: Math.round(clock.monotonicMs() - startedMs) });
  };
  const end = (line: StreamLine<Result>): void => {
    write(line);
    stream.end();
  };
  const onCutOff = (): void => end({ type: 'error', ...errorBody(toDozeError(abortReason(cutOff))) });

  async function tell(): Promise<void> {
    cutOff.addEventListener('abort', onCutOff, { once: true });
    try {
      end({ type: 'result', result: await run(onProgress, gone) });
    } catch (thrown) {
      const error = toDozeError(thrown);
      logError(logger, error, what);
      end({ type: 'error', ...errorBody(error) });
    } finally {
      cutOff.removeEventListener('abort', onCutOff);
    }
  }

  void tell();
  return reply.type(STREAM_TYPE).send(stream);
}
