import { describe, expect, it } from 'vitest';

import type { ComputeServices, OperationResult } from '../../../src/lib/api/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { fakeServices, RESULT } from './fake-services.ts';
import { serve } from './served.ts';

describe('operations', () => {
  it('tell their progress in order, then their result', async () => {
    const asked: unknown[] = [];
    const start: ComputeServices['start'] = async (project, name, request, onProgress) => {
      asked.push(project, name, request);
      onProgress('pulling');
      onProgress('starting');
      return RESULT;
    };
    await using api = await serve(fakeServices({ computes: { start } }));
    const messages: string[] = [];
    const request = { size: 1, suspendAfterSeconds: null };
    const result = await api.client.computes.start('default', 'shop', request, (message, elapsedMs) => {
      expect(elapsedMs).toBeGreaterThanOrEqual(0);
      messages.push(message);
    });
    expect(result).toEqual(RESULT);
    expect(messages).toEqual(['pulling', 'starting']);
    expect(asked).toEqual(['default', 'shop', request]);
  });

  it('end with the error they failed with, after their progress', async () => {
    const suspend: ComputeServices['suspend'] = async (_project, _name, _request, onProgress) => {
      onProgress('looking at its sessions');
      throw new DozeError('COMPUTE_BUSY', 'busy', { hint: 'doze compute suspend shop --force' });
    };
    await using api = await serve(fakeServices({ computes: { suspend } }));
    const messages: string[] = [];
    const call = api.client.computes.suspend('default', 'shop', {}, (message) => messages.push(message));
    await expect(call).rejects.toMatchObject({ code: 'COMPUTE_BUSY', hint: 'doze compute suspend shop --force' });
    expect(messages).toEqual(['looking at its sessions']);
  });

  it('that throw before they begin end their stream all the same', async () => {
    await using api = await serve(fakeServices());
    await expect(api.client.computes.resume('default', 'shop', {})).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('go on when their caller goes away', async () => {
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const done = Promise.withResolvers<string>();
    const destroy: ComputeServices['destroy'] = async (_project, _name, _request, onProgress) => {
      begun.resolve();
      await goOn.promise;
      onProgress('nobody hears this');
      done.resolve('done');
      return RESULT;
    };
    await using api = await serve(fakeServices({ computes: { destroy, list: async () => [] } }));
    const leave = new AbortController();
    const call = api.client.computes.destroy('default', 'shop', {}, undefined, { signal: leave.signal });
    await begun.promise;
    leave.abort();
    await expect(call).rejects.toMatchObject({ code: 'INTERRUPTED' });
    goOn.resolve();
    expect(await done.promise).toBe('done');
    expect(await api.client.computes.list()).toEqual([]);
  });

  it('that wait for their turn hear that their caller has gone, or that the agent stops', async () => {
    const heard: string[] = [];
    const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const resume: ComputeServices['resume'] = (_project, name, _onProgress, gone) =>
      new Promise((_resolve, reject) => {
        gone.addEventListener('abort', () => {
          heard.push(name);
          reject(gone.reason as DozeError);
        });
        begun[heard.length]?.resolve();
      });
    await using api = await serve(fakeServices({ computes: { resume } }));
    const leave = new AbortController();
    const left = api.client.computes.resume('default', 'left', {}, undefined, { signal: leave.signal });
    await begun[0]?.promise;
    leave.abort();
    await expect(left).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect.poll(() => heard).toEqual(['left']);
    const stays = expect(api.client.computes.resume('default', 'stays', {})).rejects.toMatchObject({
      code: 'AGENT_STOPPING',
    });
    await begun[1]?.promise;
    await api.server.close(AbortSignal.timeout(5_000));
    await stays;
    expect(heard).toEqual(['left', 'stays']);
  });

  it('cost no memory for a caller that does not read their progress', async () => {
    const start: ComputeServices['start'] = async (_project, _name, _request, onProgress) => {
      for (let count = 0; count < 50_000; count += 1) onProgress('x'.repeat(100));
      return RESULT;
    };
    await using api = await serve(fakeServices({ computes: { start } }));
    let count = 0;
    expect(await api.client.computes.start('default', 'shop', {}, () => (count += 1))).toEqual(RESULT);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(5_000);
  });
});

describe('logs', () => {
  it('come line by line', async () => {
    async function* logs(): AsyncGenerator<string> {
      yield* ['first', 'second, with ümlaut', ''];
    }
    await using api = await serve(fakeServices({ computes: { logs } }));
    const lines: string[] = [];
    for await (const line of api.client.computes.logs('default', 'shop', { tail: 10 })) lines.push(line);
    expect(lines).toEqual(['first', 'second, with ümlaut', '']);
  });

  it('of a compute that is not there are an error', async () => {
    const logs = (): never => {
      throw new DozeError('COMPUTE_NOT_FOUND', 'no shop');
    };
    await using api = await serve(fakeServices({ computes: { logs } }));
    await expect(api.client.computes.logs('default', 'shop')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'COMPUTE_NOT_FOUND',
    });
  });

  it('that fail before their first line are an error as well', async () => {
    async function* logs(): AsyncGenerator<string> {
      throw new DozeError('DOCKER_UNAVAILABLE', 'no Docker');
    }
    await using api = await serve(fakeServices({ computes: { logs } }));
    await expect(api.client.computes.logs('default', 'shop')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'DOCKER_UNAVAILABLE',
    });
  });

  it('that are followed end for the agent when the caller has seen enough', async () => {
    const ended = Promise.withResolvers<void>();
    const logs: ComputeServices['logs'] = async function* (_project, _name, query, signal) {
      signal.addEventListener('abort', () => ended.resolve());
      yield `follow: ${query.follow}, tail: ${query.tail}`;
      await ended.promise;
    };
    await using api = await serve(fakeServices({ computes: { logs } }));
    for await (const line of api.client.computes.logs('default', 'shop', { follow: true, tail: 3 })) {
      expect(line).toBe('follow: true, tail: 3');
      break;
    }
    await ended.promise;
  });
});

describe('closing', () => {
  it('lets an operation end by itself', async () => {
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<OperationResult>();
    const resume: ComputeServices['resume'] = () => (begun.resolve(), goOn.promise);
    await using api = await serve(fakeServices({ computes: { resume } }));
    const call = api.client.computes.resume('default', 'shop', {});
    await begun.promise;
    const closed = api.server.close(new AbortController().signal);
    goOn.resolve(RESULT);
    expect(await call).toEqual(RESULT);
    await closed;
  });

  it('in a hurry tells the caller that the agent stops', async () => {
    const begun = Promise.withResolvers<void>();
    const resume: ComputeServices['resume'] = () => (begun.resolve(), new Promise(() => undefined));
    await using api = await serve(fakeServices({ computes: { resume } }));
    const call = api.client.computes.resume('default', 'shop', {});
    const outcome = expect(call).rejects.toMatchObject({ code: 'AGENT_STOPPING' });
    await begun.promise;
    const hurry = new AbortController();
    const closed = api.server.close(hurry.signal);
    hurry.abort();
    await outcome;
    await closed;
  });

  it('ends what merely waits at once', async () => {
    const begun = Promise.withResolvers<void>();
    const wait: ComputeServices['wait'] = (_project, _name, _query, signal) =>
      new Promise((_resolve, reject) => {
        begun.resolve();
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    await using api = await serve(fakeServices({ computes: { wait } }));
    const outcome = expect(api.client.computes.wait('default', 'shop')).rejects.toMatchObject({
      code: 'AGENT_STOPPING',
    });
    await begun.promise;
    await api.server.close(new AbortController().signal);
    await outcome;
  });
});
