import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import type { StorageCredential, StorageService } from '../../../src/lib/domain/index.ts';
import { createClients } from '../../../src/lib/storage/create-clients.ts';
import { lookAt } from '../../../src/lib/storage/look.ts';
import { recognise } from '../../../src/lib/storage/recognise.ts';
import { startNeonPageserver, startNeonSafekeeper } from '../../support/storage-tier/neon.ts';
import { startPageServer, startSafekeepers } from '../../support/storage-tier/serverless-mariadb.ts';
import type { Misbehaviour } from '../../support/storage-tier/stand-in.ts';

const clock = createSystemClock();
const { signal } = new AbortController();

function service(url: string, changes: Partial<StorageService> = {}): StorageService {
  return {
    id: 's1',
    name: 'tier',
    kind: 'pageServer',
    flavour: 'serverless-mariadb',
    endpoints: [url],
    safekeepers: null,
    certificateAuthority: null,
    hasCredential: false,
    deadlineMs: 5_000,
    intervalMs: 5_000,
    lagLimit: 1_000,
    addedAtMs: 0,
    ...changes,
  };
}

async function look(of: StorageService, credential: StorageCredential | null = null) {
  const [client] = createClients(of, credential, () => clock.monotonicMs());
  if (client === undefined) throw new TypeError('no endpoint');
  using _client = client;
  return (await lookAt(clock, client, of.deadlineMs, signal)).outcome;
}

describe('a look at a serverless-mariadb service', () => {
  it('reads what a Page Server and a Safekeeper say of themselves', async () => {
    await using pageServer = await startPageServer();
    await using group = await startSafekeepers(3);
    expect(await look(service(pageServer.url))).toEqual({
      kind: 'answered',
      facts: { kind: 'pageServer', version: '1.0.0', latestLsn: 1_000, storageType: 'file', diskUsageBytes: null },
    });
    expect(await look(service(group.urls[0] ?? '', { kind: 'safekeepers' }))).toMatchObject({
      facts: { replicaId: 'sk-1', role: 'leader', term: 1, latestLsn: 1_000, quorumSize: 2, cluster: 'main' },
    });
  });

  it('takes missing fields for unknown', async () => {
    await using pageServer = await startPageServer();
    pageServer.latestLsn = null;
    expect(await look(service(pageServer.url))).toMatchObject({ facts: { latestLsn: null } });
    await using group = await startSafekeepers(1);
    const [replica] = group.replicas;
    if (replica !== undefined) replica.hidden = ['term', 'quorum_size', 'default_timeline', 'state'];
    expect(await look(service(group.urls[0] ?? '', { kind: 'safekeepers' }))).toMatchObject({
      // The role is in its ping as well.
      facts: { role: 'leader', term: null, quorumSize: null, cluster: null },
    });
  });

  const credentials: readonly StorageCredential[] = [
    { kind: 'apiKey', key: 's3cret' },
    { kind: 'bearer', token: 's3cret' },
    { kind: 'basic', user: 'any', password: 's3cret' },
  ];
  it.each(credentials)('shows its credential as $kind', async (credential) => {
    await using pageServer = await startPageServer();
    pageServer.credential = 's3cret';
    expect(await look(service(pageServer.url), credential)).toMatchObject({ kind: 'answered' });
    expect(await look(service(pageServer.url))).toMatchObject({
      fault: 'unauthorized',
      message: 'it refuses our credential (HTTP 401)',
    });
  });
});

describe('looks at a serverless-mariadb service, one after the other', () => {
  it('ask for metrics each time, and for a ping once in a while or where metrics do not say all', async () => {
    await using group = await startSafekeepers(1);
    const [replica] = group.replicas;
    if (replica === undefined) throw new TypeError('no replica');
    const [client] = createClients(service(replica.url, { kind: 'safekeepers' }), null, () => clock.monotonicMs());
    if (client === undefined) throw new TypeError('no endpoint');
    using _client = client;
    const asked = async () => {
      const before = replica.requests.length;
      const { outcome } = await lookAt(clock, client, 5_000, signal);
      return { outcome, paths: replica.requests.slice(before).map((line) => line.replace('GET /api/v1/', '')) };
    };
    expect((await asked()).paths.sort()).toEqual(['metrics', 'ping']);
    for (let look = 2; look <= 12; look += 1) {
      expect(await asked()).toMatchObject({ paths: ['metrics'], outcome: { facts: { version: '1.0.0' } } });
    }
    expect((await asked()).paths.sort()).toEqual(['metrics', 'ping']);

    // Its role may have changed since the last ping, so that is asked for again.
    replica.hidden = ['state'];
    replica.role = 'follower';
    expect(await asked()).toMatchObject({ paths: ['metrics', 'ping'], outcome: { facts: { role: 'follower' } } });
    expect((await asked()).paths.sort()).toEqual(['metrics', 'ping']);
  });

  it('report a failure although an earlier look was good, and do not ask twice', async () => {
    await using pageServer = await startPageServer();
    const [client] = createClients(service(pageServer.url), null, () => clock.monotonicMs());
    if (client === undefined) throw new TypeError('no endpoint');
    using _client = client;
    await lookAt(clock, client, 5_000, signal);
    pageServer.misbehaves = 'error500';
    const before = pageServer.requests.length;
    expect((await lookAt(clock, client, 5_000, signal)).outcome).toMatchObject({ kind: 'failed', fault: 'status' });
    expect(pageServer.requests.slice(before)).toEqual(['GET /api/v1/metrics', 'GET /api/v1/ping']);
  });
});

describe('a look at a Neon service', () => {
  it('reads its id, and what a pageserver has on disk', async () => {
    await using pageserver = await startNeonPageserver();
    await using safekeeper = await startNeonSafekeeper(7);
    expect(await look(service(pageserver.url, { flavour: 'neon' }))).toMatchObject({
      facts: { diskUsageBytes: 4_096 },
    });
    expect(await look(service(safekeeper.url, { flavour: 'neon', kind: 'safekeepers' }))).toMatchObject({
      facts: { replicaId: '7', role: null, term: null },
    });
  });
});

describe('a look at a service that misbehaves', () => {
  const faults: readonly (readonly [Misbehaviour, string, RegExp])[] = [
    ['hang', 'timeout', /^no answer within 300 ms$/],
    ['hangAfterHeaders', 'timeout', /^no answer within 300 ms$/],
    ['large', 'tooLarge', /longer than 256 KiB/],
    ['html', 'contentType', /text\/html and not JSON/],
    ['wrongType', 'contentType', /text\/plain and not JSON/],
    ['malformed', 'malformed', /says it is JSON, and is not/],
    ['redirectLoop', 'redirect', /it redirects to another path \(HTTP 302\)/],
    ['error500', 'status', /HTTP 500/],
    ['close', 'lost', /closed the connection/],
  ];
  it.each(faults)('(%s) says %s', async (how, fault, message) => {
    await using pageServer = await startPageServer();
    pageServer.misbehaves = how;
    const deadlineMs = how.startsWith('hang') ? 300 : 5_000;
    expect(await look(service(pageServer.url, { deadlineMs }))).toEqual({
      kind: 'failed',
      fault,
      message: expect.stringMatching(message) as string,
    });
  });

  it('does not follow it elsewhere, nor take the credential there', async () => {
    await using pageServer = await startPageServer();
    pageServer.misbehaves = 'redirectLoop';
    await look(service(pageServer.url), { kind: 'apiKey', key: 's3cret' });
    expect([...pageServer.requests].sort()).toEqual(['GET /api/v1/metrics', 'GET /api/v1/ping']);
  });

  it('says that nothing listens, that a name is unknown, that it speaks no TLS', async () => {
    await using pageServer = await startPageServer();
    const { port } = pageServer;
    expect(await look(service(`https://localhost:${String(port)}`))).toMatchObject({ fault: 'malformed' });
    await pageServer.goDown();
    expect(await look(service(pageServer.url))).toMatchObject({ fault: 'refused' });
    await pageServer.comeBack();
    expect(await look(service(pageServer.url))).toMatchObject({ kind: 'answered' });
    const unknown = await look(service('http://no-such-host.invalid:8080'));
    expect(unknown).toMatchObject({ fault: expect.stringMatching(/^(unresolved|own)$/) as string });
  });
});

describe('a look over TLS', () => {
  const read = (name: string): Promise<string> =>
    readFile(new URL(`../../fixtures/storage-tls/${name}`, import.meta.url), 'utf8');
  const tls = async (name: string) => ({ key: await read(`${name}.key`), cert: await read(`${name}.pem`) });

  it('trusts the private authority that it is given, and no other', async () => {
    await using pageServer = await startPageServer(await tls('localhost'));
    const certificateAuthority = await read('ca.pem');
    expect(await look(service(pageServer.url, { certificateAuthority }))).toMatchObject({ kind: 'answered' });
    expect(await look(service(pageServer.url))).toMatchObject({ fault: 'certificate' });
  });

  it('refuses a certificate for another name', async () => {
    await using pageServer = await startPageServer(await tls('elsewhere.example'));
    const certificateAuthority = await read('ca.pem');
    expect(await look(service(pageServer.url, { certificateAuthority }))).toMatchObject({
      fault: 'certificate',
      message: 'its certificate is for another name',
    });
  });
});

describe('a service that was taken for another', () => {
  it('is recognised for what it is', async () => {
    await using group = await startSafekeepers(1);
    await using neon = await startNeonPageserver();
    await using pageServer = await startPageServer();
    const safekeeper = group.urls[0] ?? '';
    const of = (url: string, changes: Partial<StorageService> = {}) =>
      recognise(clock, service(url, changes), url, null, signal);
    expect(await look(service(safekeeper))).toMatchObject({ fault: 'wrongService' });
    expect(await of(safekeeper)).toEqual({ flavour: 'serverless-mariadb', kind: 'safekeepers' });
    expect(await of(neon.url)).toEqual({ flavour: 'neon', kind: 'pageServer' });
    expect(await of(pageServer.url, { flavour: 'neon' })).toEqual({
      flavour: 'serverless-mariadb',
      kind: 'pageServer',
    });
    pageServer.misbehaves = 'html';
    expect(await of(pageServer.url, { flavour: 'neon' })).toBeNull();
  });
});
