import { describe, expect, it } from 'vitest';

import type { OperationView } from '../../../src/lib/api/contract.ts';
import type { ComputeServices, OperationResult } from '../../../src/lib/api/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import type { RawAnswer } from '../../support/socket-request.ts';
import { fakeServices, RESULT } from './fake-services.ts';
import { serve, type Served } from './served.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const LATER = { ...JSON_TYPE, prefer: 'respond-async' };
const PATH = '/v1/computes/default/shop';

/** A start that ends when the test says so. */
function slowStart() {
  const calls: unknown[] = [];
  const end = Promise.withResolvers<OperationResult>();
  const begun = Promise.withResolvers<AbortSignal>();
  const start: ComputeServices['start'] = (project, name, request, onProgress, gone) => {
    calls.push([project, name, request]);
    onProgress('pulling');
    begun.resolve(gone);
    return end.promise;
  };
  return { start, calls, end, begun: begun.promise };
}

function operationOf(answer: RawAnswer): OperationView {
  return answer.body as OperationView;
}

function post(api: Served, verb: string, headers: Record<string, string>, body: object = {}): Promise<RawAnswer> {
  return api.raw('POST', `${PATH}/${verb}`, JSON.stringify(body), headers);
}

describe('an operation that is to be answered later', () => {
  it('is a resource with its progress, and with its result in the end', async () => {
    const { start, end } = slowStart();
    await using api = await serve(fakeServices({ computes: { start } }));
    const accepted = await post(api, 'start', LATER);
    const { id } = operationOf(accepted);
    expect(accepted).toMatchObject({
      status: 202,
      headers: { location: `/v1/operations/${id}`, 'preference-applied': 'respond-async' },
      body: { operation: 'startCompute', project: 'default', target: { project: 'default', name: 'shop' } },
    });
    expect(await api.raw('GET', `/v1/operations/${id}`)).toMatchObject({
      status: 200,
      body: { state: 'running', endedAt: null, result: null, problem: null, progress: [{ message: 'pulling' }] },
    });
    const ended = api.raw('GET', `/v1/operations/${id}?waitSeconds=60`);
    end.resolve(RESULT);
    expect(await ended).toMatchObject({ body: { state: 'succeeded', result: RESULT, problem: null } });
  });

  it('that fails has a problem', async () => {
    const { start, end } = slowStart();
    await using api = await serve(fakeServices({ computes: { start } }));
    const { id } = operationOf(await post(api, 'start', LATER));
    end.reject(new DozeError('HOST_FULL', 'no room', { hint: 'doze compute list' }));
    await expect
      .poll(async () => (await api.raw('GET', `/v1/operations/${id}`)).body)
      .toMatchObject({ state: 'failed', result: null, problem: { code: 'HOST_FULL', status: 503, detail: 'no room' } });
  });

  it('waits for its turn also when who asked has left', async () => {
    const { start, begun, end } = slowStart();
    await using api = await serve(fakeServices({ computes: { start } }));
    const { id } = operationOf(await post(api, 'start', LATER));
    const gone = await begun;
    const leave = new AbortController();
    const left = api.client.computes.start('default', 'shop', {}, undefined, { signal: leave.signal });
    leave.abort();
    await expect(left).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(gone.aborted).toBe(false);
    end.resolve(RESULT);
    expect(operationOf(await api.raw('GET', `/v1/operations/${id}?waitSeconds=60`)).state).toBe('succeeded');
  });

  it('refuses at once what cannot be read', async () => {
    await using api = await serve(fakeServices());
    expect(await post(api, 'start', LATER, { sice: 1 })).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID' },
    });
  });
});

describe('operations', () => {
  it('that stream are resources as well, and are listed newest first, a page at a time', async () => {
    const suspend = async (): Promise<OperationResult> => RESULT;
    await using api = await serve(fakeServices({ computes: { suspend } }));
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const { headers } = await api.raw('POST', `/v1/computes/default/${name}/suspend`, '{}');
      ids.push(/operations\/([\w-]+)>; rel="monitor"/.exec(String(headers['link']))?.[1] ?? '');
    }
    const list = (await api.raw('GET', '/v1/operations')).body as OperationView[];
    expect(list.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    const first = await api.raw('GET', '/v1/operations?limit=2');
    const next = /<([^>]+)>; rel="next"/.exec(String(first.headers['link']))?.[1] ?? '';
    const second = await api.raw('GET', next);
    expect([...(first.body as OperationView[]), ...(second.body as OperationView[])]).toEqual(list);
    expect(second.headers['link']).toBeUndefined();
    expect((await api.raw('GET', '/v1/operations?project=other')).body).toEqual([]);
  });

  it('are forgotten when they ended long ago, those that run never', async () => {
    const { start, end } = slowStart();
    const suspend = async (): Promise<OperationResult> => RESULT;
    await using api = await serve(fakeServices({ computes: { start, suspend } }));
    const { id } = operationOf(await post(api, 'start', LATER));
    const first = operationOf(await post(api, 'suspend', LATER)).id;
    for (let count = 0; count < 600; count += 1) await post(api, 'suspend', LATER);
    expect(await api.raw('GET', `/v1/operations/${first}`)).toMatchObject({
      status: 404,
      body: { code: 'OPERATION_NOT_FOUND' },
    });
    expect((await api.raw('GET', '/v1/operations')).body).toHaveLength(501);
    expect((await api.raw('GET', `/v1/operations/${id}`)).body).toMatchObject({ state: 'running' });
    end.resolve(RESULT);
  });

  it('of an agent that has ended are said to be lost, and others not to be there', async () => {
    await using api = await serve(fakeServices());
    expect(await api.raw('GET', '/v1/operations/00000000-1')).toMatchObject({
      status: 410,
      body: { code: 'OPERATION_LOST' },
    });
    expect(await api.raw('GET', '/v1/operations/nothing')).toMatchObject({
      status: 404,
      body: { code: 'OPERATION_NOT_FOUND' },
    });
  });
});

describe('a key', () => {
  const keyed = (key: string, more: Record<string, string> = JSON_TYPE) => ({ ...more, 'idempotency-key': key });

  it('lets two at once share one operation, and who comes later have its result', async () => {
    const { start, calls, end, begun } = slowStart();
    await using api = await serve(fakeServices({ computes: { start } }));
    const both = [post(api, 'start', keyed('k1')), post(api, 'start', keyed('k1'))];
    await begun;
    end.resolve(RESULT);
    const [one, other] = await Promise.all(both);
    expect(one?.body).toContain('"type":"result"');
    expect(other?.body).toBe(one?.body);
    const later = await post(api, 'start', keyed('k1'));
    expect(later).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
    expect(JSON.stringify(later.body)).toContain('resumed');
    expect(calls).toHaveLength(1);
    expect(await post(api, 'start', keyed('k1', LATER))).toMatchObject({
      status: 202,
      body: { state: 'succeeded', result: RESULT },
    });
  });

  it('with another request is refused', async () => {
    const { start, end } = slowStart();
    const clone = start;
    await using api = await serve(fakeServices({ computes: { start, clone } }));
    end.resolve(RESULT);
    await post(api, 'start', keyed('k1'), { size: 1 });
    const refusal = { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } };
    expect(await post(api, 'start', keyed('k1'), { size: 2 })).toMatchObject(refusal);
    expect(await post(api, 'clone', keyed('k1'), { name: 'x' })).toMatchObject(refusal);
    expect(await post(api, 'start', keyed('k1'), { size: 1 })).toMatchObject({ status: 200 });
  });

  it('has the same error again if that was for good, and another try if not', async () => {
    const errors = [new DozeError('SIZE_INVALID', 'no size'), new DozeError('HOST_FULL', 'no room')];
    const calls: string[] = [];
    const start: ComputeServices['start'] = async (_project, name) => {
      calls.push(name);
      throw errors[Number(name === 'later')]!;
    };
    await using api = await serve(fakeServices({ computes: { start } }));
    for (const name of ['good', 'good', 'later', 'later']) {
      const { body } = await api.raw('POST', `/v1/computes/default/${name}/start`, '{}', keyed(`key-of-${name}`));
      expect(JSON.stringify(body)).toContain(name === 'good' ? 'no size' : 'no room');
    }
    expect(calls).toEqual(['good', 'later', 'later']);
  });

  it('outlives the agent: what ended is told again, what did not begins anew', async () => {
    const kept = fakeServices().keys;
    const calls: string[] = [];
    const start: ComputeServices['start'] = async (_project, name) => (calls.push(name), RESULT);
    const first = await serve(fakeServices({ computes: { start }, keys: kept }));
    const told = await post(first, 'start', keyed('k1', LATER));
    const { id } = operationOf(told);
    const scope = 'local k2';
    await post(first, 'start', keyed('k2'));
    kept.put({ ...kept.find(scope)!, outcome: null });
    await first[Symbol.asyncDispose]();

    await using api = await serve(fakeServices({ computes: { start }, keys: kept }));
    expect(await api.raw('GET', `/v1/operations/${id}`)).toMatchObject({ status: 410 });
    expect(operationOf(await post(api, 'start', keyed('k1', LATER)))).toMatchObject({
      id,
      state: 'succeeded',
      result: RESULT,
    });
    expect(await api.raw('GET', `/v1/operations/${id}`)).toMatchObject({ status: 200, body: { state: 'succeeded' } });
    expect(calls).toHaveLength(2);
    expect(await post(api, 'start', keyed('k2'))).toMatchObject({ status: 200 });
    expect(calls).toHaveLength(3);
    expect(await post(api, 'start', keyed('k2'), { size: 2 })).toMatchObject({ status: 422 });
  });

  it('makes requests that answer at once idempotent too', async () => {
    let count = 0;
    const create = async () => ({ id: String((count += 1)), lsn: 1, createdAt: null, description: '' });
    const none = async () => [];
    const storage = { snapshots: { create, list: none, show: create } };
    await using api = await serve(fakeServices({ storage }));
    const ask = (key: string) => api.raw('POST', '/v1/storage/ps/snapshots', '{}', keyed(key));
    expect([await ask('k1'), await ask('k1'), await ask('k2')].map(({ body }) => (body as { id: string }).id)).toEqual([
      '1',
      '1',
      '2',
    ]);
  });

  it('means nothing to what makes nothing, and has to be readable', async () => {
    const suspend = async (): Promise<OperationResult> => RESULT;
    await using api = await serve(fakeServices({ computes: { suspend, start: suspend } }));
    expect(await post(api, 'start', keyed('x'.repeat(300)))).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID' },
    });
    expect(await post(api, 'start', keyed('a b'))).toMatchObject({ status: 400 });
    const twice = [
      await post(api, 'suspend', keyed('k1')),
      await post(api, 'suspend', keyed('k1'), { depth: 'parked' }),
    ];
    expect(twice.map(({ status }) => status)).toEqual([200, 200]);
  });
});
