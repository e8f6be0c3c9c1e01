import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import type { StorageView } from '../../src/lib/api/client/index.ts';
import { createTestHome, doze, type TestHome } from '../support/cli.ts';
import { startNeonPageserver } from '../support/storage-tier/neon.ts';
import {
  startPageServer,
  startSafekeepers,
  type PageServerStandIn,
  type SafekeeperGroup,
} from '../support/storage-tier/serverless-mariadb.ts';

const SECRET = 'k3y-that-nobody-sees';

/** The screen without what differs from run to run. */
function still(
  screen: string,
  { group, pageServer }: { group?: SafekeeperGroup; pageServer?: PageServerStandIn },
): string {
  const names = [
    ...(group?.urls ?? []).map((url, index) => [url, `http://sk-${index + 1}:8090`] as const),
    ...(pageServer === undefined ? [] : [[pageServer.url, 'http://ps-1:8080'] as const]),
  ];
  const named = names.reduce((text, [url, name]) => text.replaceAll(url, name), screen);
  return named
    .replaceAll(/for [\d.]+ (?:ms|s|min)\b/g, 'for TIME')
    .replaceAll(/ +[\d.]+ ms/g, '  TOOK')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'INSTANT')
    .replaceAll(/ {2,}/g, '  ');
}

async function addGroup(home: TestHome, group: SafekeeperGroup): Promise<void> {
  const replicas = group.urls.flatMap((url) => ['--safekeeper', url]);
  await home.json('storage', 'add', 'sk-main', ...replicas, '--interval', '1h');
}

describe('storage add', () => {
  it('looks first, says what it found, and keeps it over a restart of the agent', async () => {
    await using home = createTestHome();
    await using group = await startSafekeepers(3);
    const replicas = group.urls.flatMap((url) => ['--safekeeper', url]);
    const added = await home.run('storage', 'add', 'sk-main', ...replicas);
    expect(added.code).toBe(0);
    expect(still(added.stdout, { group })).toMatchInlineSnapshot(`
      "Safekeepers sk-main (serverless-mariadb): healthy for TIME
        3 of 3 replicas answer, 2 must; http://sk-1:8090 leads in term 1
        REPLICA  STATE  ROLE  TERM  LSN  BEHIND  TOOK  LAST ERROR
        http://sk-1:8090  answers  leader  1  1,000  0 B  TOOK  -
        http://sk-2:8090  answers  follower  1  1,000  0 B  TOOK  -
        http://sk-3:8090  answers  follower  1  1,000  0 B  TOOK  -
      "
    `);
    await home.run('agent', 'stop');
    const [listed] = await home.json<StorageView[]>('storage', 'list');
    expect(listed).toMatchObject({ name: 'sk-main', kind: 'safekeepers', group: { replicas: 3, quorum: 2 } });
    expect((await home.run('storage', 'status', '--check')).code).toBe(0);
  });

  it('names the flavour and the kind that it is instead', async () => {
    await using home = createTestHome();
    await using neon = await startNeonPageserver();
    await using group = await startSafekeepers(1);
    const first = await home.run('storage', 'add', 'ps', '--page-server', neon.url);
    expect(first.code).toBe(2);
    expect(first.stderr).toContain(`${neon.url} is a Page Server of neon, not a Page Server of serverless-mariadb`);
    expect(first.stderr).toContain('--flavour neon --page-server');
    const second = await home.run('storage', 'add', 'ps', '--page-server', group.urls[0] ?? '');
    expect(second.stderr).toContain('is a Safekeeper of serverless-mariadb, not a Page Server');
    expect(await home.json('storage', 'list')).toEqual([]);
  });

  it('refuses what does not answer, unless it is told to', async () => {
    await using home = createTestHome();
    await using pageServer = await startPageServer();
    await pageServer.goDown();
    const refused = await home.run('storage', 'add', 'ps', '--page-server', pageServer.url);
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain('"ps" was not registered, as it is unavailable');
    expect(refused.stderr).toContain('nothing listens there');
    const forced = await home.json<StorageView>('storage', 'add', 'ps', '--page-server', pageServer.url, '--force');
    expect(forced).toMatchObject({ verdict: 'unavailable', endpoints: [{ lastError: { fault: 'refused' } }] });
    expect((await home.run('storage', 'status')).code).toBe(8);
  });

  it('counts a replica once that is given under two addresses, and says so', async () => {
    await using home = createTestHome();
    await using group = await startSafekeepers(3);
    const [first, second] = group.urls as [string, string];
    const again = first.replace('localhost', '127.0.0.1');
    const add = ['storage', 'add', 'sk', '--safekeeper', first, '--safekeeper', again];
    const refused = await home.run(...add);
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain('no quorum: 1 of 2 replicas answer, and 2 must');
    const added = await home.run(...add, '--safekeeper', second);
    expect(added.code).toBe(0);
    expect(added.stdout).toContain(`${again} is replica "sk-1", which ${first} is too: one vote, not two`);
    expect((await home.run('storage', 'status')).code).toBe(1);
  });

  it('refuses members of two clusters, and shows the group as unavailable if it was told to keep it', async () => {
    await using home = createTestHome();
    await using group = await startSafekeepers(3);
    await using other = await startSafekeepers(3, 'other');
    const urls = [group.urls[0], group.urls[1], other.urls[2]];
    const add = ['storage', 'add', 'sk', ...urls.flatMap((url) => ['--safekeeper', url ?? ''])];
    const refused = await home.run(...add);
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain('the replicas belong to different clusters: main, other');
    expect(await home.json('storage', 'list')).toEqual([]);
    expect((await home.run(...add, '--force')).code).toBe(0);
    const status = await home.run('storage', 'status');
    expect(status.code).toBe(8);
    expect(status.stdout).toContain('the replicas belong to different clusters: main, other');
  });

  it('takes the credential from a file, from stdin or from the environment, and shows it nowhere', async () => {
    await using home = createTestHome();
    await using pageServer = await startPageServer();
    pageServer.credential = SECRET;
    const file = join(home.path, 'ps.key');
    writeFileSync(file, `${SECRET}\n`);
    const add = ['storage', 'add', 'ps', '--page-server', pageServer.url, '--auth'];
    const without = await home.run(...add.slice(0, -1));
    expect(without.stderr).toContain('it refuses our credential (HTTP 401)');
    for (const [auth, options] of [
      [['api-key', '--secret-file', file], {}],
      [['bearer', '--secret-file', '-'], { input: `${SECRET}\n` }],
      [['basic', '--auth-user', 'doze'], { env: { DOZE_STORAGE_SECRET: SECRET } }],
    ] as const) {
      const added = await doze([...add, ...auth, '--json'], { home: home.path, ...options });
      expect({ code: added.code, hasSecret: added.stdout.includes(SECRET) }).toEqual({ code: 0, hasSecret: false });
      const told = [await home.run('storage', 'status', '--json'), await home.run('storage', 'list', '--json')];
      expect(told.some(({ stdout }) => stdout.includes(SECRET))).toBe(false);
      expect((await home.run('storage', 'remove', 'ps')).code).toBe(0);
    }
    const logs = readdirSync(home.path).filter((name) => name.endsWith('.log'));
    expect(logs.length).toBeGreaterThan(0);
    for (const name of logs) expect(readFileSync(join(home.path, name), 'utf8')).not.toContain(SECRET);
    expect(statSync(join(home.path, 'doze.db')).mode & 0o077).toBe(0);
  });

  const mistakes: readonly (readonly [string, readonly string[], number, string])[] = [
    ['nothing to register', ['ps'], 2, 'give --page-server URL'],
    ['no URL', ['ps', '--page-server', 'ftp://x'], 2, 'is not the URL of an endpoint'],
    ['a path', ['ps', '--page-server', 'http://x/api'], 2, 'has a path'],
    ['the same replica twice', ['sk', '--safekeeper', 'sk-1', '--safekeeper', 'http://sk-1:8090'], 2, 'given twice'],
    ['a group that is not there', ['ps', '--page-server', 'x', '--follows', 'sk'], 3, 'no group of Safekeepers "sk"'],
    ['a bad name', ['PS!', '--page-server', 'x'], 2, 'cannot be the name of a storage service'],
    ['a credential without a way', ['ps', '--page-server', 'x', '--secret-file', 'y'], 2, 'no use without --auth'],
    ['a way without a credential', ['ps', '--page-server', 'x', '--auth', 'bearer'], 2, 'needs a credential'],
    ['a lag that is no number', ['ps', '--page-server', 'x', '--lag-limit', 'few'], 2, 'is not a number of MiB'],
  ];
  const shared = createTestHome();
  afterAll(() => shared[Symbol.asyncDispose]());
  it.each(mistakes)('says what is wrong with %s', async (_what, args, code, message) => {
    const run = await shared.run('storage', 'add', ...args);
    expect({ code: run.code, stdout: run.stdout }).toEqual({ code, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain('Next: ');
  });

  it('never repeats a password that was put into a URL', async () => {
    const run = await shared.run('storage', 'add', 'ps', '--page-server', `http://me:${SECRET}@ps-1:8080`);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('a credential does not belong in the URL of ps-1:8080');
    expect(run.stderr).not.toContain(SECRET);
  });
});

describe('storage status', () => {
  it('shows each verdict on one screen, with an exit code for scripts', async () => {
    await using home = createTestHome();
    await using group = await startSafekeepers(3);
    await using pageServer = await startPageServer();
    await addGroup(home, group);
    await home.json(
      'storage',
      'add',
      'ps-main',
      '--page-server',
      pageServer.url,
      '--follows',
      'sk-main',
      '--interval',
      '1h',
    );
    const look = async (): Promise<{ code: number | null; screen: string }> => {
      // A verdict changes with the second look in one direction.
      await home.run('storage', 'status', '--check');
      const { code, stdout } = await home.run('storage', 'status', '--check');
      return { code, screen: still(stdout, { group, pageServer }) };
    };
    const healthy = await look();
    expect(healthy.code).toBe(0);
    expect(healthy.screen).toMatchInlineSnapshot(`
      "Page Server ps-main (serverless-mariadb): healthy for TIME
        follows the Safekeepers sk-main, level with them
        ENDPOINT  STATE  LSN  BEHIND  TOOK  LAST ERROR
        http://ps-1:8080  answers  1,000  0 B  TOOK  -

      Safekeepers sk-main (serverless-mariadb): healthy for TIME
        3 of 3 replicas answer, 2 must; http://sk-1:8090 leads in term 1
        REPLICA  STATE  ROLE  TERM  LSN  BEHIND  TOOK  LAST ERROR
        http://sk-1:8090  answers  leader  1  1,000  0 B  TOOK  -
        http://sk-2:8090  answers  follower  1  1,000  0 B  TOOK  -
        http://sk-3:8090  answers  follower  1  1,000  0 B  TOOK  -
      "
    `);

    await group.kill(0);
    const degraded = await look();
    expect(degraded.code).toBe(1);
    expect(degraded.screen).toMatchInlineSnapshot(`
      "Safekeepers sk-main (serverless-mariadb): degraded for TIME
        2 of 3 replicas answer, 2 must; http://sk-2:8090 leads in term 2
        REPLICA  STATE  ROLE  TERM  LSN  BEHIND  TOOK  LAST ERROR
        http://sk-1:8090  fails  -  -  -  -  TOOK  INSTANT
        http://sk-2:8090  answers  leader  2  1,000  0 B  TOOK  -
        http://sk-3:8090  answers  follower  2  1,000  0 B  TOOK  -
        degraded  http://sk-1:8090 does not answer: nothing listens there
        Next: see that http://sk-1:8090 runs and can be reached from here; until then one more lost may be one too many
        Last changes:
        INSTANT  degraded  http://sk-1:8090 does not answer: nothing listens there
        INSTANT  healthy

      Page Server ps-main (serverless-mariadb): healthy for TIME
        follows the Safekeepers sk-main, level with them
        ENDPOINT  STATE  LSN  BEHIND  TOOK  LAST ERROR
        http://ps-1:8080  answers  1,000  0 B  TOOK  -
      "
    `);

    await group.kill(1);
    const unavailable = await look();
    expect(unavailable.code).toBe(8);
    expect(unavailable.screen).toMatchInlineSnapshot(`
      "Safekeepers sk-main (serverless-mariadb): unavailable for TIME
        1 of 3 replicas answer, 2 must
        REPLICA  STATE  ROLE  TERM  LSN  BEHIND  TOOK  LAST ERROR
        http://sk-1:8090  fails  -  -  -  -  TOOK  INSTANT
        http://sk-2:8090  fails  -  -  -  -  TOOK  INSTANT
        http://sk-3:8090  answers  candidate  3  1,000  0 B  TOOK  -
        unavailable  no quorum: 1 of 3 replicas answer, and 2 must
        degraded  http://sk-1:8090 does not answer: nothing listens there
        degraded  http://sk-2:8090 does not answer: nothing listens there
        Next: bring a replica back: http://sk-1:8090 or http://sk-2:8090; nothing can be committed until then
        Last changes:
        INSTANT  unavailable  no quorum: 1 of 3 replicas answer, and 2 must
        INSTANT  degraded  http://sk-1:8090 does not answer: nothing listens there
        INSTANT  healthy

      Page Server ps-main (serverless-mariadb): healthy for TIME
        follows the Safekeepers sk-main, level with them
        ENDPOINT  STATE  LSN  BEHIND  TOOK  LAST ERROR
        http://ps-1:8080  answers  1,000  0 B  TOOK  -
      "
    `);

    const doctor = JSON.parse((await home.run('doctor', '--json')).stdout) as { name: string; status: string }[];
    expect(doctor.find(({ name }) => name === 'storage')).toMatchObject({ status: 'failed' });
    const all = JSON.parse((await home.run('storage', 'status', '--json')).stdout) as StorageView[];
    const worst = all.find(({ name }) => name === 'sk-main');
    expect(worst?.history.map(({ verdict }) => verdict)).toEqual(['healthy', 'degraded', 'unavailable']);
  });

  it('goes on with --watch until it is told to end', async () => {
    await using home = createTestHome();
    await using group = await startSafekeepers(1);
    await home.json('storage', 'add', 'sk', '--safekeeper', group.urls[0] ?? '');
    const run = await home.run('storage', 'status', '--watch', '--json', '--timeout', '3s');
    expect(run.code).toBe(7);
    const lines = run.stdout.trim().split('\n');
    const documents = lines.slice(0, 2).map((line) => JSON.parse(line) as StorageView[]);
    expect(documents.map(([service]) => service?.name)).toEqual(['sk', 'sk']);
  });
});

describe('storage remove', () => {
  it('forgets, but not a group that a Page Server follows', async () => {
    await using home = createTestHome();
    await using group = await startSafekeepers(3);
    await using pageServer = await startPageServer();
    await addGroup(home, group);
    await home.json('storage', 'add', 'ps', '--page-server', pageServer.url, '--follows', 'sk-main');
    const refused = await home.run('storage', 'remove', 'sk-main');
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain('the Page Server "ps" follows the group "sk-main"');
    expect((await home.run('storage', 'remove', 'ps')).stdout).toBe('ps is not watched any more\n');
    expect((await home.run('storage', 'remove', 'sk-main')).code).toBe(0);
    expect((await home.run('storage', 'remove', 'sk-main')).code).toBe(3);
    expect((await home.run('storage', 'status')).code).toBe(0);
  });
});

describe('storage snapshot', () => {
  it('is made, listed and shown, where there are any', async () => {
    await using home = createTestHome();
    await using pageServer = await startPageServer();
    await using group = await startSafekeepers(1);
    await home.json('storage', 'add', 'ps', '--page-server', pageServer.url);
    await home.json('storage', 'add', 'sk', '--safekeeper', group.urls[0] ?? '');
    const created = await home.run('storage', 'snapshot', 'create', 'ps', '--description', 'before the migration');
    expect(created.stdout).toBe('snapshot snap-1 of ps at LSN 1000\n');
    await home.json('storage', 'snapshot', 'create', 'ps', '--lsn', '700');
    const listed = await home.json<{ lsn: number }[]>('storage', 'snapshot', 'list', 'ps');
    expect(listed.map(({ lsn }) => lsn)).toEqual([1_000, 700]);
    expect(await home.json('storage', 'snapshot', 'show', 'ps', 'snap-1')).toEqual({
      id: 'snap-1',
      lsn: 1_000,
      createdAt: '2026-01-02T03:04:05Z',
      description: 'before the migration',
    });
    const missing = await home.run('storage', 'snapshot', 'show', 'ps', 'snap-9');
    expect({ code: missing.code, said: missing.stderr }).toMatchObject({
      code: 3,
      said: expect.stringContaining('"ps" has no snapshot "snap-9"') as string,
    });
    const none = await home.run('storage', 'snapshot', 'list', 'sk');
    expect({ code: none.code, said: none.stderr }).toMatchObject({
      code: 5,
      said: expect.stringContaining('has no snapshots over HTTP') as string,
    });
    const wrong = await home.run('storage', 'snapshot', 'create', 'ps', '--lsn', 'latest');
    expect(wrong.code).toBe(2);
  });
});
