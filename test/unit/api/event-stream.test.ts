import { get } from 'node:http';

import { describe, expect, it } from 'vitest';

import type { EventView } from '../../../src/lib/api/contract.ts';
import type { EventServices, FollowQuery } from '../../../src/lib/api/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { fakeServices } from './fake-services.ts';
import { serve } from './served.ts';

function event(seq: number): EventView {
  const at = '2026-01-01T00:00:00.000Z';
  return { seq, at, compute: 'shop', computeId: 'c1', project: 'default', type: 'resumeRequested', data: {} };
}

/** Hands out two batches with a quiet time between them, then waits for its end. */
function twoBatches(asked: FollowQuery[]): EventServices['follow'] {
  return async function* (query, signal) {
    asked.push(query);
    yield [];
    yield [event(1), event(2)];
    yield [];
    yield [event(3)];
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  };
}

function textOf(socketPath: string, path: string, headers: Record<string, string>, until: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ socketPath, path, headers, agent: false }, (answer) => {
      let text = `${String(answer.statusCode)} ${String(answer.headers['content-type'])}\n`;
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
        if (!text.includes(until)) return;
        resolve(text);
        request.destroy();
      });
    });
    request.on('error', reject);
  });
}

describe('the stream of events', () => {
  it('is of server-sent events with the sequence number as id, and comments while it is quiet', async () => {
    await using api = await serve(fakeServices({ events: { follow: twoBatches([]) } }));
    const text = await textOf(api.socket, '/v1/events/stream', {}, 'id: 3');
    expect(text).toBe(
      [
        '200 text/event-stream',
        'retry: 2000\n\n:\n',
        `id: 1\nevent: resumeRequested\ndata: ${JSON.stringify(event(1))}\n`,
        `id: 2\nevent: resumeRequested\ndata: ${JSON.stringify(event(2))}\n`,
        `:\n`,
        `id: 3\nevent: resumeRequested\ndata: ${JSON.stringify(event(3))}\n\n`,
      ].join('\n'),
    );
  });

  it('begins after the last event that was seen, else where it is told to', async () => {
    const asked: FollowQuery[] = [];
    await using api = await serve(fakeServices({ events: { follow: twoBatches(asked) } }));
    await textOf(api.socket, '/v1/events/stream', {}, 'id: 1');
    await textOf(api.socket, '/v1/events/stream?after=5&project=a&compute=b', {}, 'id: 1');
    await textOf(api.socket, '/v1/events/stream?after=5', { 'last-event-id': '7' }, 'id: 1');
    expect(asked).toEqual([
      { project: null, compute: null, afterSeq: null },
      { project: 'a', compute: 'b', afterSeq: 5 },
      { project: null, compute: null, afterSeq: 7 },
    ]);
    const answer = await api.raw('GET', '/v1/events/stream', undefined, { 'last-event-id': 'x' });
    expect(answer).toMatchObject({ status: 400, body: { detail: 'header: has to be a whole number' } });
  });

  it('that cannot begin is a problem', async () => {
    const follow: EventServices['follow'] = async function* () {
      yield await Promise.reject(new DozeError('COMPUTE_NOT_FOUND', 'no shop'));
    };
    await using api = await serve(fakeServices({ events: { follow } }));
    expect(await api.raw('GET', '/v1/events/stream')).toMatchObject({
      status: 404,
      body: { code: 'COMPUTE_NOT_FOUND' },
    });
  });

  it('asks for no more than its reader takes', async () => {
    let batches = 0;
    const ended = Promise.withResolvers<void>();
    const follow: EventServices['follow'] = async function* () {
      try {
        for (;;) {
          batches += 1;
          yield Array.from({ length: 500 }, (_, index) => event(batches * 500 + index));
        }
      } finally {
        ended.resolve();
      }
    };
    await using api = await serve(fakeServices({ events: { follow } }));
    const paused = Promise.withResolvers<void>();
    const request = get({ socketPath: api.socket, path: '/v1/events/stream', agent: false }, (answer) => {
      answer.once('data', () => {
        answer.pause();
        paused.resolve();
      });
    });
    request.on('error', () => undefined);
    await paused.promise;
    let before = -1;
    await expect.poll(() => [before, (before = batches)], { interval: 200 }).toSatisfy(([a, b]) => a === b);
    expect(batches).toBeLessThan(50);
    request.destroy();
    await ended.promise;
  });

  it('ends without an error when the agent stops', async () => {
    await using api = await serve(fakeServices({ events: { follow: twoBatches([]) } }));
    const seen: number[] = [];
    const following = (async () => {
      for await (const { seq } of api.client.events.follow({ compute: 'shop' })) {
        seen.push(seq);
        if (seq === 3) void api.server.close(new AbortController().signal);
      }
    })();
    await expect(following).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: 'the agent has ended, and the events with it',
    });
    expect(seen).toEqual([1, 2, 3]);
  });
});
