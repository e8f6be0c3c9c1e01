import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { AgentStatus } from '../../src/lib/api/client/index.ts';
import { ALL_ROUTES } from '../../src/lib/api/routes/index.ts';
import { createTestHome } from '../support/cli.ts';
import { createDocumentCheck } from '../support/document-check.ts';
import { createReceiver } from '../support/receiver.ts';
import { socketRequest, type RawAnswer } from '../support/socket-request.ts';
import { startPageServer, startSafekeepers } from '../support/storage-tier/serverless-mariadb.ts';

const home = createTestHome();
let socket = '';
beforeAll(async () => {
  await home.json('compute', 'start', 'shop', '--driver', 'process', '--suspend-after', 'never');
  ({ socket } = await home.json<AgentStatus>('agent', 'status'));
});
afterAll(() => home[Symbol.asyncDispose]());

function ask(method: string, path: string, body?: object): Promise<RawAnswer> {
  return socketRequest(socket, method, `/v1${path}`, body === undefined ? undefined : JSON.stringify(body));
}

/** What changes more than a test's own home. */
const NOT_ASKED = ['buildImage', 'installServer', 'stopAgent'];
/** Asked for below, or of what is not there. */
const ELSEWHERE = ['getOperation', 'getStorageSnapshot', 'killSession', 'streamEvents'];
const SHOP = '/computes/default/shop';
const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

describe('answers of a real agent', () => {
  it('are what the document says, all of them', async () => {
    await using pageServer = await startPageServer();
    await using safekeepers = await startSafekeepers(3);
    await using receiver = await createReceiver();
    const { id: tokenId } = await home.json<{ id: string }>('token', 'create', 'ci', '--role', 'read');
    const requests: readonly (readonly [string, string, string, object?])[] = [
      [
        'addStorage',
        'POST',
        '/storage/sk',
        { kind: 'safekeepers', flavour: 'serverless-mariadb', endpoints: safekeepers.urls },
      ],
      [
        'addStorage',
        'POST',
        '/storage/ps',
        { kind: 'pageServer', flavour: 'serverless-mariadb', endpoints: [pageServer.url], safekeepers: 'sk' },
      ],
      ['listStorage', 'GET', '/storage'],
      ['getStorage', 'GET', '/storage/ps'],
      ['checkStorage', 'POST', '/storage/sk/check'],
      ['createStorageSnapshot', 'POST', '/storage/ps/snapshots', { description: 'x' }],
      ['listStorageSnapshots', 'GET', '/storage/ps/snapshots'],
      ['getStorageSnapshot', 'GET', '/storage/ps/snapshots/gone'],
      ['removeStorage', 'POST', '/storage/sk/remove'],
      ['removeStorage', 'POST', '/storage/ps/remove'],
      ['getAgent', 'GET', '/agent'],
      ['getAgentLogs', 'GET', '/agent/logs?tail=5'],
      ['checkHost', 'GET', '/doctor'],
      ['getHealth', 'GET', '/health'],
      ['getReadiness', 'GET', '/ready'],
      ['getMetrics', 'GET', '/metrics'],
      ['getOpenApi', 'GET', '/openapi.json'],
      ['getSetup', 'GET', '/setup'],
      ['listImages', 'GET', '/images'],
      ['listPools', 'GET', '/pools'],
      ['setPool', 'POST', '/pools', { size: 0 }],
      ['listComputes', 'GET', '/computes'],
      ['getCompute', 'GET', SHOP],
      ['getConnection', 'GET', `${SHOP}/connection?as=root`],
      ['waitForCompute', 'GET', `${SHOP}/wait?state=active`],
      ['getComputeLogs', 'GET', `${SHOP}/logs?tail=3`],
      ['getTop', 'GET', '/top'],
      ['listSessions', 'GET', '/sessions'],
      ['killSession', 'POST', '/sessions/1/kill'],
      ['startCompute', 'POST', `${SHOP}/start`, { suspendAfterSeconds: 600 }],
      ['startCompute', 'POST', `${SHOP}/start`, { size: -1 }],
      ['setCompute', 'POST', `${SHOP}/set`, { pool: 'transaction' }],
      ['resizeCompute', 'POST', `${SHOP}/resize`, { size: 0.25 }],
      ['restartCompute', 'POST', `${SHOP}/restart`, { force: true }],
      ['suspendCompute', 'POST', `${SHOP}/suspend`, { depth: 'parked', force: true }],
      ['createComputeSnapshot', 'POST', `${SHOP}/snapshots`, { name: 'before' }],
      ['listComputeSnapshots', 'GET', `${SHOP}/snapshots`],
      ['restoreComputeSnapshot', 'POST', `${SHOP}/snapshots/before/restore`],
      ['deleteComputeSnapshot', 'POST', `${SHOP}/snapshots/before/delete`],
      ['cloneCompute', 'POST', `${SHOP}/clone`, { name: 'copy' }],
      ['destroyCompute', 'POST', '/computes/default/copy/destroy', { purge: true }],
      ['resumeCompute', 'POST', `${SHOP}/resume`],
      ['resumeCompute', 'POST', '/computes/default/nobody/resume'],
      ['getCompute', 'GET', SHOP],
      ['createProject', 'POST', '/projects/team/create', { limits: { computes: 2, cuSecondsPerMonth: 0 } }],
      ['setProject', 'POST', '/projects/team/set', { tags: { a: '1' }, description: 'ours' }],
      ['setProject', 'POST', '/projects/nobody/set', { limits: { computes: -1 } }],
      ['startCompute', 'POST', '/computes/team/shop/start', {}],
      ['listProjects', 'GET', '/projects'],
      ['getProject', 'GET', '/projects/team'],
      ['getProject', 'GET', '/projects/nobody'],
      ['deleteProject', 'POST', '/projects/team/delete', {}],
      ['deleteProject', 'POST', '/projects/default/delete', {}],
      ['listOperations', 'GET', '/operations?limit=2'],
      ['getOperation', 'GET', '/operations/00000000-1'],
      ['listEvents', 'GET', '/events?limit=1000'],
      ['getSelf', 'GET', '/self'],
      ['createToken', 'POST', '/tokens', { name: 'more', role: 'operate', project: 'default' }],
      ['createToken', 'POST', '/tokens', { name: 'more', role: 'operate', project: 'default' }],
      ['listTokens', 'GET', '/tokens'],
      ['getToken', 'GET', `/tokens/${tokenId}`],
      ['revokeToken', 'POST', `/tokens/${tokenId}/revoke`],
      ['revokeToken', 'POST', '/tokens/t0/revoke'],
      ['listAudit', 'GET', '/audit?limit=1000'],
      ['getUsage', 'GET', '/usage'],
      ['getTop', 'GET', '/top'],
      ['getTop', 'GET', '/top?project=default'],
      ['getUsage', 'GET', '/usage?since=yesterday'],
      ['addRateCard', 'POST', '/rates/standard', { currency: 'EUR', prices: { compute: '0.16' } }],
      ['addRateCard', 'POST', '/rates/standard', { prices: { compute: '-1' } }],
      ['listRateCards', 'GET', '/rates?project=default'],
      ['getBill', 'GET', `/usage/bill?project=default&month=${new Date().toISOString().slice(0, 7)}&alwaysOn=true`],
      ['getBill', 'GET', '/usage/bill?project=default&month=2026-13'],
      ['exportUsage', 'GET', '/usage/export?format=focus'],
      ['pushUsage', 'POST', '/usage/push', { to: receiver.url }],
      ['pushUsage', 'POST', '/usage/push', { to: 'ftp://x' }],
    ];
    const check = createDocumentCheck();
    const answered: string[] = [];
    for (const [id, method, path, body] of requests) {
      const answer = await ask(method, path, body);
      expect(check.faultsOf(id, answer), `${method} ${path}: ${JSON.stringify(answer.body).slice(0, 300)}`).toEqual([]);
      if (answer.status < 400) answered.push(id);
    }
    const missing = ALL_ROUTES.filter(({ id }) => !answered.includes(id)).map(({ id }) => id);
    expect(missing.toSorted()).toEqual([...NOT_ASKED, ...ELSEWHERE].toSorted());
  });
});

describe('doze compute events --follow', () => {
  it('prints what happens as it happens', async () => {
    const args = [PROGRAM, 'compute', 'events', 'shop', '--follow', '--json', '--limit', '1'];
    const child = spawn(process.execPath, args, { env: { ...process.env, DOZE_HOME: home.path }, stdio: 'pipe' });
    const events: { readonly type: string; readonly seq: number }[] = [];
    for await (const line of createInterface(child.stdout)) {
      // What follows its end is the error that says so, in many lines.
      if (!line.startsWith('{"seq"')) continue;
      events.push(JSON.parse(line) as (typeof events)[number]);
      // It goes on after the first one, whether it listens by now or not.
      if (events.length === 1) await ask('POST', `${SHOP}/suspend`, { depth: 'parked', force: true });
      if (events.at(-1)?.type === 'suspended') await ask('POST', `${SHOP}/resume`);
      if (events.length > 1 && events.at(-1)?.type === 'started') child.kill('SIGINT');
    }
    const types = events.slice(1).map(({ type }) => type);
    expect(types).toEqual(['suspendRequested', 'suspended', 'resumeRequested', 'started']);
    expect(events.map(({ seq }) => seq)).toEqual([...new Set(events.map(({ seq }) => seq))].toSorted((a, b) => a - b));
  });
});

describe('doze api spec', () => {
  it('prints, without an agent, the document that an agent serves', async () => {
    await using elsewhere = createTestHome();
    const printed = await elsewhere.run('api', 'spec');
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect((await elsewhere.run('agent', 'status')).code).toBe(3);
    expect(JSON.parse(printed.stdout)).toEqual((await ask('GET', '/openapi.json')).body);
    expect(await elsewhere.json('api', 'spec')).toEqual(JSON.parse(printed.stdout));
  });
});
