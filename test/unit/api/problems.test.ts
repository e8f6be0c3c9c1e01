import { connect } from 'node:net';

import { describe, expect, it } from 'vitest';

import { problemSchema } from '../../../src/lib/api/contract.ts';
import { isDeeperThan } from '../../../src/lib/api/server/read-json.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { fakeServices } from './fake-services.ts';
import { serve } from './served.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Whatever comes back for bytes that are sent as they are. */
function exchange(socketPath: string, bytes: string): Promise<{ readonly status: string; readonly body: unknown }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(socketPath, () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n');
      resolve({ status: head.split('\r\n')[0] ?? '', body: JSON.parse(body) });
    });
  });
}

describe('an error', () => {
  it('is a problem of RFC 9457 with our own code, hint and details', async () => {
    const show = async (): Promise<never> => {
      throw new DozeError('COMPUTE_NOT_FOUND', 'no "shopp"', { hint: 'did you mean shop?', details: { near: 'shop' } });
    };
    await using api = await serve(fakeServices({ computes: { show } }));
    const { status, headers, body } = await api.raw('GET', '/v1/computes/default/shopp');
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toEqual({
      type: 'urn:doze:error:COMPUTE_NOT_FOUND',
      title: 'Compute not found',
      status: 404,
      detail: 'no "shopp"',
      code: 'COMPUTE_NOT_FOUND',
      hint: 'did you mean shop?',
      retryable: false,
      details: { near: 'shop' },
    });
  });

  it('says in a header when to come again', async () => {
    const list = async (): Promise<never> => {
      throw new DozeError('HOST_FULL', 'no room', { details: { retryAfterSeconds: 2.5 } });
    };
    await using api = await serve(fakeServices({ computes: { list } }));
    expect(await api.raw('GET', '/v1/computes')).toMatchObject({ status: 503, headers: { 'retry-after': '3' } });
  });
});

describe('a request', () => {
  it.each<[string, string, string, string | undefined, Record<string, string>, number, string]>([
    ['of an unknown path', 'GET', '/v1/nothing', undefined, {}, 404, 'ROUTE_NOT_FOUND'],
    ['outside of /v1', 'GET', '/', undefined, {}, 404, 'ROUTE_NOT_FOUND'],
    ['with a wrong method', 'DELETE', '/v1/computes/default/shop', undefined, {}, 405, 'METHOD_NOT_ALLOWED'],
    ['with a method of another protocol', 'PROPFIND', '/v1/computes', undefined, {}, 405, 'METHOD_NOT_ALLOWED'],
    ['with dots for a name', 'GET', '/v1/computes/default/%2e%2e', undefined, {}, 400, 'NAME_INVALID'],
    ['with dots for a path', 'GET', '/v1/computes/../agent', undefined, {}, 400, 'NAME_INVALID'],
    ['with a slash in a name', 'GET', '/v1/computes/default/a%2fb', undefined, {}, 400, 'NAME_INVALID'],
    ['with a backslash in a name', 'GET', '/v1/computes/default/a%5cb', undefined, {}, 400, 'NAME_INVALID'],
    ['with a NUL in a name', 'GET', '/v1/computes/default/a%00', undefined, {}, 400, 'NAME_INVALID'],
    ['with a line end in a name', 'GET', '/v1/computes/default/a%0ab', undefined, {}, 400, 'NAME_INVALID'],
    ['with half a character', 'GET', '/v1/computes/default/%c3', undefined, {}, 400, 'REQUEST_INVALID'],
    ['with half an escape', 'GET', '/v1/computes/default/%2', undefined, {}, 400, 'REQUEST_INVALID'],
    ['without a name', 'GET', '/v1/computes/default/', undefined, {}, 400, 'NAME_INVALID'],
    ['with a name too long', 'GET', `/v1/computes/default/${'x'.repeat(41)}`, undefined, {}, 400, 'NAME_INVALID'],
    ['with a name far too long', 'GET', `/v1/computes/default/${'x'.repeat(5000)}`, undefined, {}, 414, 'URI_TOO_LONG'],
    ['with a body too large', 'POST', '/v1/pools', `"${'x'.repeat(70_000)}"`, JSON_TYPE, 413, 'BODY_TOO_LARGE'],
    [
      'with a body of text',
      'POST',
      '/v1/pools',
      'size=2',
      { 'content-type': 'text/plain' },
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ],
    ['with a body of no type', 'POST', '/v1/pools', 'size=2', { 'content-type': '' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['with half a body', 'POST', '/v1/pools', '{"size":', JSON_TYPE, 400, 'REQUEST_INVALID'],
    ['with a body too deep', 'POST', '/v1/pools', '['.repeat(20_000), JSON_TYPE, 400, 'REQUEST_INVALID'],
    [
      'with a body for prototypes',
      'POST',
      '/v1/pools',
      '{"__proto__": {"size": 1}}',
      JSON_TYPE,
      400,
      'REQUEST_INVALID',
    ],
    ['without a body', 'POST', '/v1/pools', undefined, JSON_TYPE, 400, 'REQUEST_INVALID'],
  ])('%s is answered with a problem', async (_title, method, path, body, headers, status, code) => {
    await using api = await serve(fakeServices());
    const answer = await api.raw(method, path, body, headers);
    expect(answer.body).toMatchObject({ code, status });
    expect(problemSchema.strict().parse(answer.body).hint).not.toBeNull();
    expect(answer).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json', 'x-doze-version': '1.0.0' },
    });
    expect(JSON.stringify(answer.body).length).toBeLessThan(2_000);
  });

  it('with a wrong method hears which are possible', async () => {
    await using api = await serve(fakeServices());
    const allow = async (path: string) => (await api.raw('DELETE', path)).headers['allow'];
    expect(await allow('/v1/computes/default/shop?x=1')).toBe('GET, HEAD');
    expect(await allow('/v1/computes/default/shop/start')).toBe('POST');
    expect(await allow('/v1/computes/default/shop/snapshots')).toBe('GET, HEAD, POST');
    expect(await allow('/v1/nothing')).toBeUndefined();
  });

  it('without a body is as good as one with an empty object', async () => {
    await using api = await serve(
      fakeServices({ sessions: { kill: async () => ({ session: {} as never, notes: [] }) } }),
    );
    for (const headers of [{}, JSON_TYPE]) {
      expect(await api.raw('POST', '/v1/sessions/1/kill', undefined, headers)).toMatchObject({ status: 200 });
    }
  });

  it.each([
    ['that is none', 'hello\r\n\r\n', '400', 'REQUEST_INVALID'],
    [
      'with a bomb of headers',
      `GET /v1/agent HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      '431',
      'HEADERS_TOO_LARGE',
    ],
    [
      'with two lengths',
      'POST /v1/pools HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}',
      '400',
      'REQUEST_INVALID',
    ],
    ['without a host', 'GET /v1/computes HTTP/1.1\r\nconnection: close\r\n\r\n', '400', 'REQUEST_INVALID'],
  ])('%s ends its connection with a problem', async (_title, bytes, status, code) => {
    await using api = await serve(fakeServices());
    const answer = await exchange(api.socket, bytes);
    expect(answer.status).toContain(status);
    expect(problemSchema.strict().parse(answer.body)).toMatchObject({ code });
  });

  it.each([
    ['whose headers do not end', 'GET /v1/agent HTTP/1.1\r\nhost: x\r\n'],
    [
      'whose body does not end',
      'POST /v1/pools HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{',
    ],
    ['that never begins', ''],
  ])('%s is given up', async (_title, bytes) => {
    await using api = await serve(fakeServices(), undefined, undefined, {
      headersMs: 100,
      requestMs: 200,
      checkMs: 50,
    });
    const answer = await exchange(api.socket, bytes);
    expect(answer.status).toContain('408');
    expect(answer.body).toMatchObject({ code: 'REQUEST_TIMED_OUT', retryable: true });
  });
});

describe('the depth of a body', () => {
  it('is that of its brackets outside of strings', () => {
    expect(isDeeperThan(2, '{"a":[1,"]]]",{}]}')).toBe(true);
    expect(isDeeperThan(3, '{"a":[1,"[[[\\"[[[",{}]}')).toBe(false);
    expect(isDeeperThan(1, '[[],[]]')).toBe(true);
    expect(isDeeperThan(1, '[],[],[]')).toBe(false);
  });
});
