import { Readable } from 'node:stream';

import type { FastifyReply } from 'fastify';

import { EVENTS_TYPE } from '../protocol.ts';
import type { RouteContext } from './route-context.ts';

/** What of an event is also said outside of its data. */
export interface ServerSent {
  readonly seq: number;
  readonly type: string;
}

/** How long a client waits before it comes again when the connection has ended. */
const RETRY_MS = 2_000;

/**
 * Sends batches as server-sent events. The next batch is asked for when the one before has been taken, so a caller that does
 * not read costs one batch, however much happens. An empty one becomes a comment, by which both ends see that the other is
 * there. When the agent stops the stream just ends.
 */
export async function sendEvents(
  reply: FastifyReply,
  batches: AsyncIterable<readonly ServerSent[]>,
  { stopping }: RouteContext,
): Promise<FastifyReply> {
  const iterator = batches[Symbol.asyncIterator]();
  // The first one decides whether there is an answer or a problem.
  const first = await iterator.next();
  async function* texts(): AsyncGenerator<Buffer> {
    try {
      yield Buffer.from(`retry: ${RETRY_MS}\n\n`);
      for (let next = first; next.done !== true; next = await iterator.next()) yield Buffer.from(textOf(next.value));
    } catch (thrown) {
      if (!stopping.aborted) throw thrown;
    } finally {
      await iterator.return?.();
    }
  }
  return reply
    .type(EVENTS_TYPE)
    .header('cache-control', 'no-store')
    .send(Readable.from(texts(), { objectMode: false, highWaterMark: 1 }));
}

function textOf(batch: readonly ServerSent[]): string {
  if (batch.length === 0) return ':\n\n';
  return batch.map((event) => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
