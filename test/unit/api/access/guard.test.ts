import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../../src/lib/clock.ts';
import { fakeServices, RESULT, SESSION, VIEW } from '../fake-services.ts';
import { serveRemote, type Answer, type RemoteServer } from './remote-server.ts';

const impatient = { ...createSystemClock(), sleep: () => Promise.resolve() };
const codeOf = ({ body }: Answer): unknown => (body as { code?: string }).code;

function listing() {
  const asked: unknown[] = [];
  const list = async (query: unknown) => (asked.push(query), [VIEW]);
  return { asked, services: fakeServices({ computes: { list } }) };
}

describe('a token', () => {
  it('that is missing, forged, expired or revoked opens nothing, and only who has the whole secret hears more', async () => {
    const { asked, services } = listing();
    await using server = await serveRemote(services, { clock: impatient });
    const revoked = server.token('old-laptop', 'admin', null);
    server.tokens.revoke(revoked.token.id);
    const good = server.token('this-year', 'admin', null, 60_000);
    const gone = server.tokens.create({ name: 'gone', role: 'read', project: null, lifeMs: -1, createdBy: 'a test' });
    const forged = `${good.secret.slice(0, -1)}${good.secret.endsWith('0') ? '1' : '0'}`;
    const told = async (token: string | null, headers = {}) => {
      const answer = await server.ask('/v1/computes', { token, headers });
      const { detail } = answer.body as { detail: string };
      return [answer.status, codeOf(answer), detail.replace(/\d{4}-\S+/, 'TIME')];
    };
    const noToken = [401, 'TOKEN_REFUSED', 'this agent answers to nobody without a token'];
    const unknown = [401, 'TOKEN_REFUSED', 'there is no such token at this agent'];
    expect(await told(null)).toEqual(noToken);
    expect(await told(null, { authorization: 'Basic YTpi' })).toEqual(noToken);
    expect(await told(forged)).toEqual(unknown);
    expect(await told('doze_short')).toEqual(unknown);
    expect(await told(`doze_${'0'.repeat(64)}`)).toEqual(unknown);
    expect(await told(revoked.secret)).toEqual([401, 'TOKEN_REFUSED', 'the token "old-laptop" was revoked at TIME']);
    expect(await told(gone.secret)).toEqual([401, 'TOKEN_REFUSED', 'the token "gone" expired at TIME']);
    expect(asked).toEqual([]);
    expect((await server.ask('/v1/computes', { token: good.secret })).status).toBe(200);
  });

  it('of a project sees its own in every list, and cannot name another one in any way', async () => {
    const { asked, services } = listing();
    await using server = await serveRemote(services);
    const { secret: token } = server.token('ci', 'read', 'shop');
    const ask = async (query: string) => (await server.ask(`/v1/computes${query}`, { token })).status;
    expect(await ask('')).toBe(200);
    expect(await ask('?project=shop')).toBe(200);
    expect(await ask('?destroyed=true')).toBe(200);
    for (const query of ['?project=other', '?project=', '?project=shop&project=other', '?project=SHOP']) {
      expect([query, await ask(query)]).toEqual([query, 404]);
    }
    expect(await ask('?PROJECT=other')).toBe(400);
    expect(await ask('?project%5B%5D=other')).toBe(400);
    expect(asked).toEqual([
      { project: 'shop', includeDestroyed: false },
      { project: 'shop', includeDestroyed: false },
      { project: 'shop', includeDestroyed: true },
    ]);
  });

  it.each([
    '/v1/computes/other/x',
    '/v1/computes/shop%2f..%2fother/x',
    '/v1/computes/..%2fother/x',
    '/v1/computes/shop%00/x',
    '/v1/computes/%73hop%20/x',
    '/v1/computes/SHOP/x',
    '/v1/computes//x',
    '/v1/computes/shop/../other/x',
    '/v1/computes/./other/x',
    '/v1//computes/other/x',
    '//v1/computes/other/x',
    '/v1/computes/other/x/',
    '/v1/computes/other/x;project=shop',
    '/v1/computes/other/x?project=shop',
    '/V1/computes/other/x',
    '/v1/computes/%E0%A4%A/x',
  ])('of a project reaches no other one by %s', async (path) => {
    const shown: unknown[] = [];
    const show = async (...call: unknown[]) => (shown.push(call.slice(0, 2)), VIEW as never);
    await using server = await serveRemote(fakeServices({ computes: { show } }));
    const { secret: token } = server.token('ci', 'admin', 'shop');
    const { status } = await server.ask(path, { token });
    expect([400, 404]).toContain(status);
    expect(shown).toEqual([]);
  });

  it('of a project hears the same of what another one has as of what nobody has', async () => {
    const sessions = { list: async () => [{ ...SESSION, project: 'other' }] };
    const missing = async () => Promise.reject(new Error('must not be asked'));
    await using server = await serveRemote(fakeServices({ sessions: { ...sessions, kill: missing } }));
    const { secret: token } = server.token('ci', 'operate', 'shop');
    const kill = async (id: number) => server.ask(`/v1/sessions/${id}/kill`, { token, method: 'POST', body: '{}' });
    expect(await kill(SESSION.id)).toMatchObject({
      status: 404,
      body: { code: 'SESSION_NOT_FOUND', detail: `there is no session ${SESSION.id}: it may have ended` },
    });
    const start = async () => Promise.resolve(RESULT);
    await using host = await serveRemote(fakeServices({ computes: { start }, images: { build: start as never } }));
    const { secret: narrow } = host.token('ci', 'admin', 'shop');
    for (const path of ['/v1/computes/other/x/start', '/v1/images/build', '/v1/computes/shop/x/start']) {
      await host.askLocally(path, { method: 'POST', body: path.endsWith('build') ? '{"engine":"mariadb"}' : '{}' });
    }
    const all = (await host.askLocally('/v1/operations')).body as { id: string; project: string | null }[];
    expect(all.map(({ project }) => project).toSorted()).toEqual([null, 'other', 'shop'].toSorted());
    const own = (await host.ask('/v1/operations', { token: narrow })).body;
    expect(own).toMatchObject([{ project: 'shop' }]);
    for (const { id, project } of all) {
      const answer = await host.ask(`/v1/operations/${id}`, { token: narrow });
      const nobody = await host.ask(`/v1/operations/${id.replace(/\d+$/, '999')}`, { token: narrow });
      if (project === 'shop') expect(answer.status).toBe(200);
      else expect([answer.status, answer.text]).toEqual([404, nobody.text.replace(/-999/, id.slice(8))]);
    }
    const [one, another] = [
      await server.ask('/v1/computes/other/a', { token }),
      await server.ask('/v1/computes/nobody/a', { token }),
    ];
    expect(one.text.replaceAll('other', 'nobody')).toBe(another.text);
  });

  it('that is revoked ends what is open with it, in the same step', async () => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<typeof RESULT>();
    const start = async () => (begun.resolve(), ended.promise);
    await using server = await serveRemote(fakeServices({ computes: { start } }));
    const { token, secret } = server.token('ci', 'operate', 'shop');
    const answer = server.ask('/v1/computes/shop/x/start', { token: secret, method: 'POST', body: '{}' });
    answer.catch(() => undefined);
    await begun.promise;
    server.tokens.revoke(token.id);
    await expect(answer).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    ended.resolve(RESULT);
    await expect
      .poll(() => server.store.listAudit({ limit: 10 }))
      .toMatchObject([{ who: 'ci', status: 200, code: null }]);
    expect((await server.ask('/v1/self', { token: secret })).status).toBe(401);
  });
});

describe('too many requests', () => {
  it('of one token are told when to come again, and nobody else is', async () => {
    const { services } = listing();
    await using server = await serveRemote(services, { perSecond: 1 });
    const [one, two] = [server.token('one', 'read', null).secret, server.token('two', 'read', null).secret];
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await server.ask('/v1/computes', { token: one })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
    const refused = await server.ask('/v1/computes', { token: one });
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', retryable: true } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await server.ask('/v1/computes', { token: two })).status).toBe(200);
    const more: unknown[] = [];
    for (let i = 0; i < 4; i++) more.push(codeOf(await server.ask('/v1/computes', { token: two })));
    expect(more.at(-1)).toBe('RATE_LIMITED');
    expect((await server.askLocally('/v1/computes')).status).toBe(200);
  });

  it('with tokens that are not valid are held back, a few at a time, and do not slow down who has one', async () => {
    const { services } = listing();
    await using server = await serveRemote(services);
    const { secret: token } = server.token('one', 'read', null);
    const bad = () => server.ask('/v1/computes', { token: `doze_${'f'.repeat(64)}` });
    const answers = await Promise.all(Array.from({ length: 40 }, bad));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect((await server.ask('/v1/computes', { token })).status).toBe(200);
  });
});

describe('the audit trail', () => {
  const changes = (server: RemoteServer) => server.store.listAudit({ limit: 100 });

  it('has who changed what from where and with which end, and no reads', async () => {
    const start = async () => Promise.resolve(RESULT);
    const list = async () => [VIEW];
    const suspend = async () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOSPC' }));
    await using server = await serveRemote(fakeServices({ computes: { start, list, suspend } }));
    const { token, secret } = server.token('ci', 'operate', 'shop');
    const post = (path: string) => server.ask(path, { token: secret, method: 'POST', body: '{}' });
    await server.ask('/v1/computes', { token: secret });
    await post('/v1/computes/shop/orders/start');
    await post('/v1/computes/shop/orders/suspend');
    await server.askLocally('/v1/computes/shop/orders/start', { method: 'POST', body: '{}' });
    const route = '/v1/computes/:project/:name/start';
    const common = {
      tokenId: token.id,
      who: 'ci',
      from: '127.0.0.1',
      method: 'POST',
      target: 'shop/orders',
      project: 'shop',
      count: 1,
    };
    await expect
      .poll(() => changes(server))
      .toMatchObject([
        { ...common, route, status: 200, code: null },
        { ...common, route: route.replace('start', 'suspend'), status: 503, code: 'DISK_FULL' },
        { ...common, who: 'uid 7', from: 'local', tokenId: null, route, status: 200, code: null },
      ]);
  });

  it('has what was refused, what is alike as one, and nothing that moves a cursor or is a secret', async () => {
    const clock = { ...impatient };
    await using server = await serveRemote(fakeServices(), { clock });
    const { secret } = server.token('ci', 'read', 'shop');
    const post = (path: string, token: string | null) => server.ask(path, { token, method: 'POST', body: '{}' });
    for (let i = 0; i < 3; i++) await post('/v1/computes/shop/orders/start', secret);
    await post(`/v1/computes/${secret}/x%1b%5b2J/start`, secret);
    await post('/v1/computes/shop/orders/start', `doze_${'e'.repeat(64)}`);
    server.trail.close();
    const entries = changes(server);
    expect(entries).toMatchObject([
      { who: 'ci', target: 'shop/orders', status: 403, code: 'NOT_ALLOWED', count: 3 },
      { who: 'ci', target: 'doze_(secret)/x?[2J', status: 404, code: 'PROJECT_NOT_FOUND', count: 1 },
      { who: 'stranger', tokenId: null, from: '127.0.0.1', status: 401, code: 'TOKEN_REFUSED' },
    ]);
    const everything = JSON.stringify(entries) + server.log.join('\n');
    expect(everything).not.toMatch(/doze_[0-9a-f]{8}/);
  });
});

describe('strangers', () => {
  it('have no body read, and are not asked twice over one connection', async () => {
    await using server = await serveRemote(fakeServices());
    const body = JSON.stringify('x'.repeat(60_000));
    const answer = await server.ask('/v1/images/build', { method: 'POST', body });
    expect(answer).toMatchObject({ status: 401, headers: { connection: 'close', 'www-authenticate': 'Bearer' } });
  });

  it('learn of no route that there is', async () => {
    await using server = await serveRemote(fakeServices(), { clock: impatient });
    expect(codeOf(await server.ask('/v1/nothing'))).toBe('TOKEN_REFUSED');
    const { secret: token } = server.token('ci', 'read', 'shop');
    expect(await server.ask('/v1/nothing', { token })).toMatchObject({
      status: 404,
      body: { code: 'ROUTE_NOT_FOUND' },
    });
  });

  it('that speak no TLS, or an old one, get no answer', async () => {
    await using server = await serveRemote(fakeServices());
    const plain = connectPlain(server.port, '127.0.0.1');
    plain.end('GET /v1/computes HTTP/1.1\r\nHost: x\r\n\r\n');
    plain.on('error', () => undefined);
    let heard = '';
    plain.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    await once(plain, 'close');
    expect(heard).not.toContain('HTTP/1.1');
    const old = connect({
      host: '127.0.0.1',
      port: server.port,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      rejectUnauthorized: false,
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    await expect(once(old, 'secureConnect')).rejects.toThrow();
  });

  it('have no longer for a request than it may take, and are told so', async () => {
    await using server = await serveRemote(fakeServices(), {
      timeouts: { headersMs: 200, requestMs: 400, checkMs: 50 },
    });
    for (const start of [
      'GET /v1/computes HTTP/1.1\r\nHost: x\r\n',
      'POST /v1/pools HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ]) {
      const slow = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false });
      let heard = '';
      slow.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
      slow.write(start);
      await once(slow, 'close');
      expect(heard).toMatch(/^HTTP\/1\.1 (408|401) /);
    }
    const garbage = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false });
    let heard = '';
    garbage.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    garbage.write('\0\0 what is this\r\n\r\n');
    await once(garbage, 'close');
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('have a few connections, and who has a place keeps it', async () => {
    await using server = await serveRemote(fakeServices());
    const sockets = await Promise.all(
      Array.from({ length: 80 }, async () => {
        const socket = connectPlain(server.port, '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        return socket;
      }),
    );
    await expect.poll(() => sockets.filter((socket) => socket.closed).length).toBe(16);
    sockets.forEach((socket) => socket.destroy());
    await expect.poll(async () => (await server.ask('/v1/self').catch(() => ({ status: 0 }))).status).toBe(401);
  });
});

describe('how much of the host is awake', () => {
  it('is told to tokens of the host, and not to those of a project', async () => {
    const top = async () => ({
      at: '2026-01-01T00:00:00.000Z',
      hosts: [{ host: 'this host', limitCu: 4, awakeCu: 3, waiting: 0 }],
      computes: [],
    });
    await using server = await serveRemote({ ...fakeServices(), top });
    const hosts = async (token: string) =>
      ((await server.ask('/v1/top', { token })).body as { hosts: unknown[] }).hosts.length;
    expect(await hosts(server.token('boss', 'read', null).secret)).toBe(1);
    expect(await hosts(server.token('ci', 'admin', 'shop').secret)).toBe(0);
  });
});
