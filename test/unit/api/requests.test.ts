import { existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { createApiClient } from '../../../src/lib/api/client/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { DETAIL, fakeServices, SESSION, VIEW } from './fake-services.ts';
import { serve } from './served.ts';

const NO_USAGE = {
  activeSeconds: 0,
  frozenSeconds: 0,
  hibernatedSeconds: 0,
  cuSeconds: 0,
  wakes: 0,
  storageByteHours: 0,
  bytesIn: 0,
  bytesOut: 0,
  queries: 0,
  wakeLatency: [],
};

describe('requests and answers', () => {
  it('hand the query over as values and the answer back as it is', async () => {
    const asked: unknown[] = [];
    const list = async (query: unknown) => (asked.push(query), [VIEW]);
    await using api = await serve(fakeServices({ computes: { list } }));
    expect(await api.client.computes.list({ project: 'shop', destroyed: true })).toEqual([VIEW]);
    expect(await api.client.computes.list()).toEqual([VIEW]);
    expect(asked).toEqual([
      { project: 'shop', includeDestroyed: true },
      { project: null, includeDestroyed: false },
    ]);
  });

  it('of pools hand over size and image, and refuse what is neither', async () => {
    const asked: unknown[] = [];
    const view = { image: null, size: 2, ready: 0, making: 0, discarding: 0, runs: null, problem: null };
    const pools = { list: async () => [view], set: async (request: unknown) => (asked.push(request), view) };
    await using api = await serve(fakeServices({ pools }));
    expect(await api.client.pools.list()).toEqual([view]);
    expect(await api.client.pools.set({ size: 2, image: 'x:1' })).toEqual(view);
    expect(asked).toEqual([{ size: 2, image: 'x:1' }]);
    expect(await api.raw('POST', '/v1/pools', JSON.stringify({ size: 'two' }))).toMatchObject({ status: 400 });
  });

  it('of sessions hand over whose are asked for, and the id of one to end', async () => {
    const asked: unknown[] = [];
    const sessions = {
      list: async (query: unknown) => (asked.push(query), [SESSION]),
      kill: async (id: number) => (asked.push(id), { session: SESSION, notes: [] }),
    };
    await using api = await serve(fakeServices({ sessions }));
    expect(await api.client.sessions.list({ project: 'default', compute: 'shop' })).toEqual([SESSION]);
    expect(await api.client.sessions.list()).toEqual([SESSION]);
    expect(await api.client.sessions.kill(SESSION.id)).toEqual({ session: SESSION, notes: [] });
    expect(asked).toEqual([{ project: 'default', compute: 'shop' }, { project: null, compute: null }, SESSION.id]);
    expect(await api.raw('POST', '/v1/sessions/shop/kill', '{}')).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID', detail: 'path.id: has to be a whole number' },
    });
    expect(await api.raw('GET', '/v1/sessions?name=shop')).toMatchObject({ status: 400 });
  });

  it('are defaults for what the caller leaves out', async () => {
    const asked: unknown[] = [];
    const services = fakeServices({
      events: { list: async (query) => (asked.push(query), []) },
      usage: {
        report: async (query) => {
          asked.push(query);
          return {
            since: '',
            until: '',
            computes: [],
            projects: [],
            periods: [],
            total: NO_USAGE,
            activity: null,
          };
        },
      },
      computes: { wait: async (...call) => (asked.push(call.slice(0, 3)), DETAIL) },
    });
    await using api = await serve(services);
    await api.client.events.list();
    await api.client.usage.report({ since: '2026-01-01T00:00:00Z' });
    await api.client.computes.wait('default', 'shop', { state: 'active' });
    expect(asked).toEqual([
      { project: null, compute: null, afterSeq: null, limit: 100 },
      { project: null, compute: null, sinceMs: Date.UTC(2026, 0, 1), untilMs: null, by: 'compute', activity: null },
      ['default', 'shop', { state: 'active', timeoutMs: 60_000 }],
    ]);
  });

  it('give an error back as it was thrown: code, hint and details', async () => {
    const show = async (): Promise<never> => {
      throw new DozeError('COMPUTE_NOT_FOUND', 'no "shopp"', { hint: 'did you mean shop?', details: { near: 'shop' } });
    };
    await using api = await serve(fakeServices({ computes: { show } }));
    await expect(api.client.computes.show('default', 'shopp')).rejects.toMatchObject({
      code: 'COMPUTE_NOT_FOUND',
      message: 'no "shopp"',
      hint: 'did you mean shop?',
      details: { near: 'shop' },
    });
    expect(await api.raw('GET', '/v1/computes/default/shopp')).toMatchObject({
      status: 404,
      headers: { 'x-doze-version': '1.0.0' },
      body: { code: 'COMPUTE_NOT_FOUND', retryable: false, hint: 'did you mean shop?' },
    });
  });

  it('turn what is not our own error into INTERNAL', async () => {
    const list = async (): Promise<never> => {
      throw new TypeError('x is not a function');
    };
    await using api = await serve(fakeServices({ computes: { list } }));
    await expect(api.client.computes.list()).rejects.toMatchObject({ code: 'INTERNAL', hint: 'doze agent logs' });
  });
});

describe('bad requests', () => {
  it.each<[string, string, string, string | undefined, number, string, string]>([
    ['an unknown field', 'POST', '/computes/default/shop/start', '{"sice": 1}', 400, 'REQUEST_INVALID', 'body'],
    ['a wrong type', 'POST', '/computes/default/shop/start', '{"size": "big"}', 400, 'REQUEST_INVALID', 'body.size'],
    ['a body that is not JSON', 'POST', '/computes/default/shop/start', '{"size"', 400, 'REQUEST_INVALID', 'request'],
    ['a list as a body', 'POST', '/computes/default/shop/start', '[]', 400, 'REQUEST_INVALID', 'body'],
    ['a bad name', 'GET', '/computes/default/Not%20One', undefined, 400, 'NAME_INVALID', 'Not One'],
    ['a bad project', 'GET', '/computes/../shop', undefined, 400, 'NAME_INVALID', '..'],
    ['a very long name', 'GET', `/computes/default/${'x'.repeat(500)}`, undefined, 400, 'NAME_INVALID', 'xxx'],
    ['an unknown query', 'GET', '/computes?projekt=x', undefined, 400, 'REQUEST_INVALID', 'query'],
    ['a bad time', 'GET', '/usage?since=yesterday', undefined, 400, 'REQUEST_INVALID', 'query.since'],
    [
      'an empty window',
      'GET',
      '/usage?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z',
      undefined,
      400,
      'TIME_INVALID',
      'window',
    ],
    [
      'a bad state',
      'GET',
      '/computes/default/shop/wait?state=asleep',
      undefined,
      400,
      'REQUEST_INVALID',
      'query.state',
    ],
    ['a bad number', 'GET', '/events?limit=-1', undefined, 400, 'REQUEST_INVALID', 'query.limit'],
    ['an unknown route', 'GET', '/nothing', undefined, 404, 'ROUTE_NOT_FOUND', 'GET /v1/nothing'],
    ['an unknown verb', 'POST', '/computes/default/shop/explode', '{}', 404, 'ROUTE_NOT_FOUND', 'explode'],
  ])('%s is refused by name', async (_title, method, path, body, status, code, mentioned) => {
    await using api = await serve(fakeServices());
    const answer = await api.raw(method, `/v1${path}`, body, body === undefined ? {} : undefined);
    expect(answer).toMatchObject({
      status,
      body: { code, status, detail: expect.stringContaining(mentioned) as string },
    });
  });
});

describe('the socket', () => {
  it('is for its owner only, and nothing else is left beside it', async () => {
    await using api = await serve(fakeServices());
    expect(statSync(api.socket).mode & 0o777).toBe(0o600);
    expect(readdirSync(api.home)).toEqual(['agent.sock']);
  });

  it('replaces what an agent that was killed has left', async () => {
    const home = mkdtempSync(join(tmpdir(), 'doze-api-'));
    mkdirSync(join(home, '.sock'));
    writeFileSync(join(home, '.sock', 's'), '');
    writeFileSync(join(home, 'agent.sock'), '');
    await using api = await serve(fakeServices({ computes: { list: async () => [] } }), undefined, home);
    expect(await api.client.computes.list()).toEqual([]);
    expect(readdirSync(home)).toEqual(['agent.sock']);
  });

  it('is gone once the server has closed', async () => {
    await using api = await serve(fakeServices());
    await api.server.close(AbortSignal.abort());
    expect(existsSync(api.socket)).toBe(false);
    await expect(api.client.computes.list()).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
      hint: 'doze agent status',
    });
  });
});

describe('versions', () => {
  it('that differ are refused with both of them named', async () => {
    await using api = await serve(fakeServices({ computes: { list: async () => [] } }), {
      agent: '1.0.0',
      client: '2.0.0',
    });
    await expect(api.client.computes.list()).rejects.toMatchObject({
      code: 'AGENT_VERSION_MISMATCH',
      message: expect.stringMatching(/1\.0\.0.*2\.0\.0/) as string,
      hint: expect.stringContaining('doze agent stop') as string,
    });
  });

  it('that differ do not keep anybody from stopping the agent', async () => {
    const stopped = Promise.withResolvers<void>();
    const services = fakeServices({ agent: { stop: () => stopped.resolve() } });
    await using api = await serve(services, { agent: '1.0.0', client: '2.0.0' });
    await api.client.agent.stop();
    await stopped.promise;
  });
});

describe('a client', () => {
  it('says that no agent answers when there is none', async () => {
    const client = createApiClient({ socketPath: '/nonexistent/agent.sock', version: '1' });
    await expect(client.doctor()).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' });
  });

  it('gives up at its deadline', async () => {
    await using api = await serve(fakeServices({ computes: { show: () => new Promise(() => undefined) } }));
    await expect(api.client.computes.show('default', 'shop', { timeoutMs: 30 })).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: expect.stringContaining('GET /computes/default/shop') as string,
    });
  });

  it('gives up with the reason of its signal', async () => {
    await using api = await serve(fakeServices({ computes: { show: () => new Promise(() => undefined) } }));
    const interrupt = new AbortController();
    const answer = api.client.computes.show('default', 'shop', { signal: interrupt.signal });
    interrupt.abort();
    await expect(answer).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('makes its going away known to what waits on its behalf', async () => {
    const ended = Promise.withResolvers<unknown>();
    const show = (_project: string, _name: string, signal: AbortSignal): Promise<never> =>
      new Promise(() => signal.addEventListener('abort', () => ended.resolve(signal.reason)));
    await using api = await serve(fakeServices({ computes: { show } }));
    await expect(api.client.computes.show('default', 'shop', { timeoutMs: 30 })).rejects.toMatchObject({
      code: 'TIMED_OUT',
    });
    expect(await ended.promise).toMatchObject({ code: 'INTERRUPTED' });
  });
});
