import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import {
  createApiClient,
  createRemoteLink,
  lookAtServer,
  type ApiClient,
} from '../../../../src/lib/api/client/remote.ts';
import { createSelfSigned } from '../../../../src/lib/x509/index.ts';
import { fingerprintOf } from '../../../../src/lib/agent/tls/certificate.ts';
import { createPrivateKey } from 'node:crypto';
import { createTestTls } from '../../../support/tls-certificate.ts';
import { createRelay } from '../../../support/relay.ts';
import { fakeServices, RESULT, VIEW } from '../fake-services.ts';
import { serveRemote } from './remote-server.ts';

const TOKEN = `doze_${'a'.repeat(64)}`;
const DAY_MS = 86_400_000;
const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function clientOf(port: number, fingerprint: string | null, token = TOKEN, version = '1.0.0'): ApiClient {
  const link = createRemoteLink({ name: 'prod', url: `https://127.0.0.1:${port}`, fingerprint, token });
  const client = createApiClient({ link, version });
  open.push(client);
  return client;
}

/** A server of TLS that is no agent's, and what it was told. */
async function pretend(pair: { certificate: string; key: string }, port = 0) {
  const heard: string[] = [];
  const server: Server = createServer({ cert: pair.certificate, key: pair.key }, (request, reply) => {
    heard.push(String(request.headers.authorization));
    reply.setHeader('x-doze-version', '1.0.0');
    reply.end('[]');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  return { port: (server.address() as AddressInfo).port, heard, server };
}

/** The same key in another certificate, for other names. */
function renewed({ key }: { readonly key: string }, names: readonly string[]) {
  const nowMs = Date.now();
  const certificate = createSelfSigned({
    commonName: 'doze test',
    key: createPrivateKey(key),
    names,
    validFromMs: nowMs - 2 * DAY_MS,
    validToMs: nowMs - DAY_MS,
  });
  return { certificate, key };
}

describe('an agent on another machine', () => {
  it('is known by its key, whatever its certificate says', async () => {
    const pair = createTestTls();
    const server = await pretend(pair);
    const fingerprint = fingerprintOf(pair.certificate);
    expect(await clientOf(server.port, fingerprint).computes.list()).toEqual([]);
    server.server.setSecureContext({
      ...renewed(pair, ['elsewhere.example']),
      cert: renewed(pair, ['elsewhere.example']).certificate,
    });
    expect(await clientOf(server.port, fingerprint).computes.list()).toEqual([]);
    expect(server.heard).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
  });

  it('that shows another key is refused with both fingerprints, and hears no token', async () => {
    const [trusted, other] = [createTestTls(), createTestTls()];
    const server = await pretend(other);
    const [was, is] = [fingerprintOf(trusted.certificate), fingerprintOf(other.certificate)];
    const error = await clientOf(server.port, was)
      .computes.list()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CERTIFICATE_CHANGED', details: { fingerprint: is, trusted: was } });
    expect((error as Error).message).toContain(is);
    expect((error as Error).message).toContain(was);
    expect(server.heard).toEqual([]);
  });

  it('that nobody vouches for is refused where no key is pinned, and hears no token', async () => {
    const pair = createTestTls();
    const server = await pretend(pair);
    await expect(clientOf(server.port, null).computes.list()).rejects.toMatchObject({
      code: 'CERTIFICATE_UNTRUSTED',
      details: { fingerprint: fingerprintOf(pair.certificate), reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    expect(server.heard).toEqual([]);
    expect(await lookAtServer({ host: '127.0.0.1', port: server.port })).toMatchObject({
      fingerprint: fingerprintOf(pair.certificate),
      distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  it('that is not there, or speaks no TLS, is said to be so at once', async () => {
    const server = await pretend(createTestTls());
    open.pop()?.close();
    await expect(clientOf(server.port, 'SHA256:x').computes.list()).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
    });
    const { createServer: createPlain } = await import('node:http');
    const plain = createPlain((_request, reply) => reply.end('hello')).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    open.push({ close: () => (plain.closeAllConnections(), plain.close()) });
    await expect(
      lookAtServer({ host: '127.0.0.1', port: (plain.address() as AddressInfo).port }),
    ).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
      details: { reason: 'what answers speaks no TLS' },
    });
  });

  it('may be a patch older or newer, and no more', async () => {
    await using server = await serveRemote(fakeServices({ computes: { list: async () => [VIEW] } }));
    const { secret } = server.token('ci', 'read', null);
    const ask = (version: string) =>
      clientOf(server.port, fingerprintOf(server.certificate), secret, version).computes.list();
    expect(await ask('1.0.7')).toEqual([VIEW]);
    await expect(ask('1.1.0')).rejects.toMatchObject({ code: 'AGENT_VERSION_MISMATCH' });
  });
});

describe('a connection that gets lost', () => {
  it('is made again for what only asks', async () => {
    const pair = createTestTls();
    const flaky = await pretend(pair);
    const client = clientOf(flaky.port, fingerprintOf(pair.certificate));
    expect(await client.computes.list()).toEqual([]);
    let isDown = true;
    flaky.server.removeAllListeners('request');
    flaky.server.on('request', (request, reply) => {
      if (isDown) request.socket.destroy();
      else {
        reply.setHeader('x-doze-version', '1.0.0');
        reply.end('["back"]');
      }
      isDown = false;
    });
    expect(await client.computes.list()).toEqual(['back']);
  });

  it('says of what changes something whether it was begun, and repeats nothing', async () => {
    let started = 0;
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<typeof RESULT>();
    const start = async (_project: string, _name: string, _request: object, onProgress: (text: string) => void) => {
      started += 1;
      onProgress('starting');
      return ended.promise;
    };
    await using server = await serveRemote(fakeServices({ computes: { start } }));
    const { token, secret } = server.token('ci', 'operate', null);
    const client = clientOf(server.port, fingerprintOf(server.certificate), secret);
    const starting = client.computes
      .start('shop', 'orders', {}, () => begun.resolve())
      .catch((thrown: unknown) => thrown);
    await begun.promise;
    server.tokens.revoke(token.id);
    expect(await starting).toMatchObject({
      code: 'TOKEN_REFUSED',
      message: expect.stringContaining('the agent had begun what was asked for, and goes on with it') as string,
    });
    expect(started).toBe(1);
    ended.resolve(RESULT);
  });

  it('in the middle of an operation leads back to it, and to its end', async () => {
    let started = 0;
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<typeof RESULT>();
    let say: (text: string) => void = () => undefined;
    const start = async (_project: string, _name: string, _request: object, onProgress: (text: string) => void) => {
      started += 1;
      say = onProgress;
      say('first');
      return ended.promise;
    };
    await using server = await serveRemote(fakeServices({ computes: { start } }));
    const { secret } = server.token('ci', 'operate', 'shop');
    const relay = await createRelay(server.port);
    open.push(relay);
    const client = clientOf(relay.port, fingerprintOf(server.certificate), secret);
    const heard: string[] = [];
    const onProgress = (text: string): void => {
      heard.push(text);
      begun.resolve();
    };
    const starting = client.computes.start('shop', 'orders', {}, onProgress);
    await begun.promise;
    relay.cut();
    say('second');
    ended.resolve(RESULT);
    expect(await starting).toEqual(RESULT);
    expect([started, heard]).toEqual([1, ['first', 'second']]);
  });

  it('in the middle of events goes on after the last one', async () => {
    const asked: unknown[] = [];
    const event = (seq: number) => ({
      seq,
      type: 'started',
      at: '',
      compute: 'a',
      computeId: 'c',
      project: 'shop',
      data: {},
    });
    async function* follow(query: { afterSeq: number | null }) {
      asked.push(query.afterSeq);
      const seq = (query.afterSeq ?? 0) + 1;
      yield [event(seq)];
      await new Promise(() => undefined);
    }
    await using server = await serveRemote(fakeServices({ events: { follow: follow as never } }));
    const { secret } = server.token('ci', 'read', 'shop');
    const relay = await createRelay(server.port);
    open.push(relay);
    const client = clientOf(relay.port, fingerprintOf(server.certificate), secret);
    const seqs: number[] = [];
    for await (const { seq } of client.events.follow({ after: 4 })) {
      seqs.push(seq);
      relay.cut();
      if (seqs.length === 3) break;
    }
    expect([seqs, asked]).toEqual([
      [5, 6, 7],
      [4, 5, 6],
    ]);
  });

  it('is told as lost when nobody says why', async () => {
    const pair = createTestTls();
    const server = await pretend(pair);
    server.server.removeAllListeners('request');
    server.server.on('request', (request) => request.socket.destroy());
    const client = clientOf(server.port, fingerprintOf(pair.certificate));
    await expect(client.computes.start('shop', 'orders', {})).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: expect.stringContaining('whether the agent had heard what was asked for is not known') as string,
    });
  });
});
