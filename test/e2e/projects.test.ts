import mysql2 from 'mysql2/promise';
import { afterAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

interface View {
  readonly url: string;
  readonly state: string;
}

interface Project {
  readonly name: string;
  readonly computes: number;
  readonly quotas: readonly { readonly quota: string; readonly used: number; readonly level: string }[];
}

const home = createTestHome({ DOZE_QUOTA_GRACE: '0s', DOZE_DRIVER: 'process' });
afterAll(() => home[Symbol.asyncDispose]());

const inTeam = ['--project', 'team'];

async function start(name: string): Promise<string> {
  const flags = ['--suspend-after', 'never', ...inTeam];
  return (await home.json<View>('compute', 'start', name, ...flags)).url;
}

async function settled(ask: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const sleeps = (name: string) => async (): Promise<boolean> =>
  (await home.json<View>('compute', 'show', name, ...inTeam)).state === 'suspended';

/** What the client is told. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('it was let in'),
    (error: unknown) => error,
  );
}

function resetDay(): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString().slice(0, 10);
}

describe('doze project', () => {
  it('makes, changes, shows, lists and deletes, and says what is wrong with a name', async () => {
    expect(await home.json('project', 'list')).toEqual([]);
    const made = await home.json('project', 'create', 'team', '--max-computes', '2', '--tag', 'costCentre=42');
    expect(made).toMatchObject({
      name: 'team',
      action: 'created',
      tags: { costCentre: '42' },
      limits: { computes: 2 },
    });
    expect(await home.json('project', 'create', 'team')).toMatchObject({
      action: 'unchanged',
      limits: { computes: 2 },
    });
    const flags = ['--untag', 'costCentre', '--tag', 'a=b=c', '--max-storage', '10GiB', '--max-active-time', '100h'];
    expect(await home.json('project', 'set', 'team', ...flags)).toMatchObject({
      action: 'changed',
      tags: { a: 'b=c' },
      limits: { computes: 2, storageBytes: 10 * 1024 ** 3, activeSecondsPerMonth: 360_000 },
    });
    expect(await home.json('project', 'list')).toMatchObject([{ name: 'team', computes: 0 }]);
    expect(await home.run('project', 'show', 'taem')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no project "taem"; did you mean "team"?\nNext: doze project show team'),
    });
    expect((await home.run('project', 'show', 'team')).stdout).toMatch(
      /^active seconds this month +0 % of 360,000, resets 1 /m,
    );
    expect(await home.run('project', 'delete', 'team')).toMatchObject({ code: 2 });
    expect(await home.json('project', 'delete', 'team', '--confirm', 'team')).toMatchObject({ action: 'deleted' });
    expect(await home.json('project', 'delete', 'team', '--confirm', 'team')).toMatchObject({ action: 'unchanged' });
    expect(await home.run('project', 'show', 'team')).toMatchObject({ code: 3 });
  });

  it.each([
    [['project', 'set', 'team'], 2, 'there is nothing to set'],
    [['project', 'set', 'team', '--max-computes', 'many'], 2, 'the value of --max-computes'],
    [['project', 'set', 'team', '--max-cu', '0.3'], 2, 'the value of --max-cu'],
    [['project', 'set', 'team', '--max-storage', 'much'], 2, '"much" is not a size'],
    [['project', 'set', 'team', '--tag', 'novalue'], 2, 'the value of --tag'],
    [['project', 'set', 'team', '--max-computs', '3'], 2, 'did you mean --max-computes?'],
    [['project', 'create', '../etc'], 2, 'cannot be the name of a project'],
    [['project', 'delete', 'nosuch', '--confirm', 'nosuch'], 3, 'there is no project "nosuch"'],
  ] as const)('%j ends with %d', async (args, code, message) => {
    expect(await home.run(...args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });
});

describe('a project with limits', () => {
  it('refuses with exit code 6, in a line and as JSON, and comes into being with its first compute', async () => {
    await start('shop');
    expect(await home.json<Project[]>('project', 'list')).toMatchObject([{ name: 'team', computes: 1 }]);
    await home.json('project', 'set', 'team', '--max-active', '1', '--max-cu', '1');
    const refused = await home.run('compute', 'start', 'blog', ...inTeam, '--json');
    expect(refused.code).toBe(6);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: {
        code: 'QUOTA_IN_USE',
        message: "Project 'team' has exceeded the 'activeComputes' resource (current value: 1)",
        hint: 'doze project show team',
        retryable: true,
      },
    });
    expect(await home.run('compute', 'resize', 'shop', '2', ...inTeam)).toMatchObject({ code: 6 });
    expect(await home.run('compute', 'clone', 'shop', 'copy', ...inTeam)).toMatchObject({ code: 6 });
    expect(await home.run('compute', 'start', 'blog', '--project', 'other', '--json')).toMatchObject({ code: 0 });
    await home.json('compute', 'suspend', 'shop', ...inTeam);
    await start('blog');
    const client = await refusal(mysql2.createConnection(await urlOf('shop')));
    expect(client).toMatchObject({
      errno: 1226,
      sqlState: '42000',
      message: expect.stringContaining("'activeComputes'"),
    });
    expect(await home.run('project', 'delete', 'team', '--confirm', 'team')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('project "team" has 2 computes'),
    });
  });

  it('that has used up its month suspends what runs; clients hear 1226 and when it resets, until the limit is lifted', async () => {
    await home.json('project', 'set', 'team', '--max-active', 'none', '--max-cu', 'none');
    const url = await start('shop');
    const session = await mysql2.createConnection(url);
    await session.query('SET @kept = 7');
    session.on('error', () => undefined);
    await home.json('project', 'set', 'team', '--max-active-time', '1');
    await settled(sleeps('shop'));
    await settled(sleeps('blog'));
    const used = { errno: 1226, sqlState: '42000' };
    const message = new RegExp(
      `^Project 'team' has exceeded the 'activeSecondsPerMonth' resource .*resets at ${resetDay()}T`,
    );
    expect(await refusal(session.query('SELECT @kept'))).toMatchObject({
      ...used,
      message: expect.stringMatching(message),
    });
    expect(await refusal(logInAndAsk(url))).toMatchObject({ ...used, message: expect.stringMatching(message) });
    expect(await home.run('compute', 'resume', 'shop', ...inTeam)).toMatchObject({ code: 6 });
    const events = await home.json<{ type: string; compute: string; data: object }[]>('compute', 'events', ...inTeam);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'quotaReached', compute: '', data: expect.objectContaining({ limit: 1 }) }),
    );
    await home.json('project', 'set', 'team', '--max-active-time', 'none');
    expect(await logInAndAsk(url)).toEqual([{ x: 1 }]);
  });

  it('goes on to refuse when its agent was killed', async () => {
    await home.json('project', 'set', 'team', '--max-active-time', '1');
    await settled(sleeps('shop'));
    const { pid } = await home.json<{ pid: number }>('agent', 'status');
    process.kill(pid, 'SIGKILL');
    await settled(async () => (await home.run('agent', 'status')).code === 3);
    const { quotas } = await home.json<Project>('project', 'show', 'team');
    expect(quotas.find(({ quota }) => quota === 'activeSecondsPerMonth')?.level).toBe('reached');
    expect(await refusal(logInAndAsk(await urlOf('shop')))).toMatchObject({ errno: 1226 });
    await home.json('project', 'set', 'team', '--max-active-time', 'none');
  });

  it('cuts off a statement that does not end, with an error that drivers know', async () => {
    const busy = await mysql2.createConnection(await start('shop'));
    busy.on('error', () => undefined);
    const asked = refusal(busy.query('SELECT SLEEP(600)'));
    await home.json('project', 'set', 'team', '--max-active-time', '1');
    expect(await asked).toMatchObject({
      errno: 1927,
      message: expect.stringContaining('project "team" has used up what it may'),
    });
    await settled(sleeps('shop'));
  });

  it('is deleted with its computes, and what it used stays', async () => {
    const gone = await home.json('project', 'delete', 'team', '--computes', '--purge', '--confirm', 'team');
    expect(gone).toMatchObject({ action: 'deleted', destroyed: ['blog', 'shop'] });
    const { projects } = await home.json<{ projects: { project: string }[] }>('usage', 'report', ...inTeam);
    expect(projects).toMatchObject([{ project: 'team' }]);
    expect(await home.json('project', 'list')).toMatchObject([{ name: 'other' }]);
  });
});

async function urlOf(name: string): Promise<string> {
  return (await home.run('compute', 'url', name, ...inTeam)).stdout.trim();
}

async function logInAndAsk(url: string): Promise<unknown> {
  const connection = await mysql2.createConnection(url);
  connection.on('error', () => undefined);
  try {
    return (await connection.query('SELECT 1 AS x'))[0];
  } finally {
    connection.destroy();
  }
}
