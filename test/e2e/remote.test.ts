import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestHome, doze, type CliRun, type TestHome } from '../support/cli.ts';
import { openPty } from '../support/pty.ts';
import { createRelay } from '../support/relay.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** A port that nothing has at this moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Remote extends AsyncDisposable {
  /** The machine of the agent. */
  readonly home: TestHome;
  readonly url: string;
  readonly port: number;
  readonly fingerprint: string;
  /** Makes a token there. */
  token(name: string, ...flags: string[]): Promise<string>;
}

async function startRemote(): Promise<Remote> {
  const port = await freePort();
  const home = createTestHome({
    DOZE_LISTEN: `127.0.0.1:${port}`,
    DOZE_DRIVER: 'process',
    DOZE_SUSPEND_AFTER: 'never',
  });
  await home.json('agent', 'start');
  const { url, fingerprint } = await home.json<{ url: string; fingerprint: string }>('agent', 'listen');
  return {
    ...{ home, url, port, fingerprint },
    token: async (name, ...flags) => (await home.run('token', 'create', name, ...flags)).stdout.trim(),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

/** Another machine, which has no agent. */
function createLaptop() {
  const directory = createTemporaryDirectory();
  const env: Record<string, string> = {};
  const everything: string[] = [];
  const runs = async (args: readonly string[], options: Partial<Parameters<typeof doze>[1]> = {}): Promise<CliRun> => {
    const outcome = await doze(args, { home: directory.path, env, ...options });
    everything.push(outcome.stdout, outcome.stderr);
    return outcome;
  };
  return {
    path: directory.path,
    env,
    everything,
    run: (...args: string[]) => runs(args),
    withInput: (input: string, ...args: string[]) => runs(args, { input }),
    with: (more: Record<string, string>, ...args: string[]) => runs(args, { env: { ...env, ...more } }),
    started: (onStarted: (kill: (signal: NodeJS.Signals) => void) => void, ...args: string[]) =>
      runs(args, { onStarted }),
    async json<Result = Record<string, unknown>>(...args: string[]): Promise<Result> {
      const outcome = await runs([...args, '--json']);
      if (outcome.code !== 0) throw new Error(`doze ${args.join(' ')}: ${outcome.stdout}${outcome.stderr}`);
      return JSON.parse(outcome.stdout) as Result;
    },
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  };
}

const errorOf = ({ stdout }: CliRun): unknown => (JSON.parse(stdout) as { error?: unknown }).error;

let remote: Remote;
const laptop = createLaptop();
const tokens: string[] = [];

beforeAll(async () => {
  remote = await startRemote();
  for (const project of ['shop', 'blog']) {
    const token = await remote.token('laptop', '--project', project, '--role', 'operate');
    tokens.push(token);
    const added = await laptop.withInput(
      `${token}\n`,
      ...['context', 'add', project, remote.url, '--fingerprint', remote.fingerprint, '--token-file', '-'],
    );
    expect(added).toMatchObject({ code: 0, stdout: `${project} is ${remote.url}, project ${project}, role operate\n` });
  }
}, 60_000);
afterAll(async () => {
  await remote[Symbol.asyncDispose]();
  laptop[Symbol.dispose]();
});

describe('two projects on one agent, from another machine', () => {
  it('each make, use, see and end their own database, and nothing of the other', async () => {
    for (const context of ['shop', 'blog']) {
      const started = await laptop.run('compute', 'start', 'orders', '--context', context);
      expect(started).toMatchObject({ code: 0 });
      expect(started.stdout).toContain('orders');
      const sql = `CREATE TABLE t (a VARCHAR(9)); INSERT INTO t VALUES ('${context}')`;
      expect((await laptop.run('compute', 'connect', 'orders', '--context', context, '-e', sql)).code).toBe(0);
    }
    laptop.env['DOZE_CONTEXT'] = 'shop';
    expect(await laptop.json('compute', 'connect', 'orders', '-e', 'SELECT a FROM t')).toEqual([{ a: 'shop' }]);
    const names = async (...args: string[]) =>
      (await laptop.json<{ project: string }[]>(...args)).map(({ project }) => project);
    expect(await names('compute', 'list', '--all')).toEqual(['shop']);
    expect(new Set(await names('compute', 'events'))).toEqual(new Set(['shop']));
    expect(new Set(await names('session', 'list', '--all'))).toEqual(new Set([]));
    const usage = await laptop.json<{ computes: { project: string }[]; projects: { project: string }[] }>(
      'usage',
      'report',
    );
    expect(usage.computes.map(({ project }) => project)).toEqual(['shop']);
    expect(usage.projects.map(({ project }) => project)).toEqual(['shop']);
    for (const args of [
      ['compute', 'show', 'orders', '--project', 'blog'],
      ['compute', 'url', 'orders', '--project', 'blog'],
      ['compute', 'destroy', 'orders', '--project', 'blog', '--confirm', 'orders'],
      ['compute', 'start', 'intruder', '--project', 'blog'],
      ['compute', 'events', '--project', 'blog'],
      ['usage', 'report', '--project', 'blog'],
      ['compute', 'list', '--project', 'nobody'],
    ]) {
      const outcome = await laptop.run(...args, '--json');
      expect([args.join(' '), outcome.code, errorOf(outcome)]).toMatchObject([{}, 3, { code: 'PROJECT_NOT_FOUND' }]);
    }
    expect(await remote.home.json('compute', 'list', '--project', 'blog')).toMatchObject([{ name: 'orders' }]);
  });

  it('suspend, wake, wait for and show theirs as on their own machine, progress included', async () => {
    const suspended = await laptop.run('compute', 'suspend', 'orders');
    expect(suspended).toMatchObject({ code: 0 });
    expect(suspended.stderr).toContain('Suspending orders');
    expect(await laptop.json('compute', 'wait', 'orders', '--state', 'suspended')).toMatchObject({
      state: 'suspended',
    });
    const { stdout: url } = await laptop.run('compute', 'url', 'orders');
    expect(url).toMatch(/^mysql:\/\/app:[^@]+@127\.0\.0\.1:\d+\/orders\n$/);
    expect(await laptop.json('compute', 'connect', 'orders', '-e', 'SELECT a FROM t')).toEqual([{ a: 'shop' }]);
    expect(await laptop.json('compute', 'show', 'orders')).toMatchObject({ state: 'active', wakes: 1 });
    const mistyped = await laptop.run('compute', 'show', 'order');
    expect(mistyped).toMatchObject({ code: 3 });
    expect(mistyped.stderr).toContain('did you mean "orders"?');
    expect((await laptop.run('compute', 'logs', 'orders', '--tail', '5')).code).toBe(0);
    expect((await laptop.run('compute', 'destroy', 'orders', '--json')).code).toBe(2);
  });

  it('are told what is about the machine that it is typed on, and what their token may not', async () => {
    for (const verb of ['start', 'stop', 'run']) {
      const outcome = await laptop.run('agent', verb, '--json');
      expect([verb, outcome.code, errorOf(outcome)]).toMatchObject([verb, 2, { code: 'LOCAL_ONLY' }]);
    }
    const set = await laptop.run('config', 'set', 'suspendAfter', '1m', '--json');
    expect([set.code, errorOf(set)]).toMatchObject([2, { code: 'LOCAL_ONLY' }]);
    for (const args of [
      ['agent', 'status'],
      ['agent', 'metrics'],
      ['agent', 'logs'],
      ['doctor'],
      ['image', 'list'],
      ['pool', 'show'],
      ['storage', 'list'],
      ['token', 'list'],
      ['audit', 'list'],
    ]) {
      const outcome = await laptop.run(...args, '--json');
      expect([args.join(' '), outcome.stdout.includes('NOT_ALLOWED')]).toEqual([args.join(' '), true]);
      expect(outcome.code).toBeGreaterThan(0);
    }
    expect((await remote.home.run('agent', 'status')).code).toBe(0);
  });

  it('never start an agent of their own', async () => {
    expect((await laptop.with({ DOZE_CONTEXT: 'local' }, 'agent', 'status')).code).toBe(3);
  });
});

describe('a token', () => {
  it('of the host may do all that commands do elsewhere', async () => {
    const token = await remote.token('boss', '--host', '--role', 'admin', '--expires', '1h');
    tokens.push(token);
    const add = ['context', 'add', 'boss', remote.url, '--fingerprint', remote.fingerprint];
    const added = await laptop.with({ DOZE_TOKEN: token }, ...add);
    expect(added).toMatchObject({ code: 0, stdout: `boss is ${remote.url}, the whole host, role admin\n` });
    expect(added.stderr).toContain('The token is not kept');
    const boss = (...args: string[]) => laptop.with({ DOZE_TOKEN: token, DOZE_CONTEXT: 'boss' }, ...args);
    expect((await laptop.with({ DOZE_CONTEXT: 'boss' }, 'compute', 'list')).stderr).toContain('DOZE_TOKEN is not set');
    const status = await boss('agent', 'status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true, remote: { fingerprint: remote.fingerprint } });
    expect(JSON.parse((await boss('compute', 'list', '--all', '--json')).stdout)).toHaveLength(2);
    for (const args of [
      ['doctor'],
      ['agent', 'logs'],
      ['agent', 'metrics'],
      ['image', 'list'],
      ['pool', 'show'],
      ['storage', 'list'],
    ]) {
      expect([args, (await boss(...args)).stdout.length > 0]).toEqual([args, true]);
    }
    const made = await boss(
      'token',
      'create',
      'short',
      '--project',
      'shop',
      '--role',
      'read',
      '--expires',
      'never',
      '--json',
    );
    expect(JSON.parse(made.stdout)).toMatchObject({
      name: 'short',
      createdBy: 'boss',
      expiresAt: null,
      project: 'shop',
    });
    tokens.push((JSON.parse(made.stdout) as { token: string }).token);
    expect((await boss('token', 'revoke', 'short')).code).toBe(0);
  });

  it('that is revoked ends what follows with it, and opens nothing more', async () => {
    const token = await remote.token('follower', '--project', 'shop', '--role', 'read');
    tokens.push(token);
    const env = { DOZE_TOKEN: token };
    const following = laptop.with(env, 'compute', 'logs', 'orders', '--follow');
    await expect
      .poll(
        async () => (await remote.home.json<{ lastUsedAt: string | null }>('token', 'show', 'follower')).lastUsedAt,
        { timeout: 20_000 },
      )
      .not.toBeNull();
    expect((await remote.home.run('token', 'revoke', 'follower')).code).toBe(0);
    const ended = await following;
    expect([1, 4, 8]).toContain(ended.code);
    const after = await laptop.with(env, 'compute', 'list', '--json');
    expect([after.code, errorOf(after)]).toMatchObject([4, { code: 'TOKEN_REFUSED' }]);
  });

  it('leaves a trail of what it changed and was refused', async () => {
    interface Entry {
      readonly who: string;
      readonly route: string;
      readonly code: string | null;
    }
    const read = () => remote.home.json<Entry[]>('audit', 'list', '--limit', '1000');
    // Refusals are written down within a second.
    await expect
      .poll(async () => (await read()).some(({ who, code }) => who === 'stranger' && code === 'TOKEN_REFUSED'), {
        timeout: 10_000,
      })
      .toBe(true);
    const trail = await read();
    const started = trail.filter(({ route }) => route.endsWith('/start'));
    expect(started).toMatchObject([
      { who: 'laptop', project: 'shop', target: 'shop/orders', code: null },
      { who: 'laptop', project: 'blog', target: 'blog/orders', code: null },
      { who: 'laptop', project: 'shop', target: 'blog/intruder', code: 'PROJECT_NOT_FOUND' },
    ]);
    expect(trail.filter(({ code }) => code === 'NOT_ALLOWED').length).toBeGreaterThan(0);
  });
});

describe('who answers', () => {
  it('is trusted by its key, and asked for where nobody vouches for it', async () => {
    const add = ['context', 'add', 'new', remote.url, '--json'];
    const [token] = tokens as [string];
    const unknown = await laptop.with({ DOZE_TOKEN: token }, ...add);
    expect([unknown.code, errorOf(unknown)]).toMatchObject([
      4,
      { code: 'CERTIFICATE_UNTRUSTED', details: { fingerprint: remote.fingerprint } },
    ]);
    const wrong = await laptop.with({ DOZE_TOKEN: token }, ...add, '--fingerprint', `SHA256:${'A'.repeat(43)}`);
    expect([wrong.code, errorOf(wrong)]).toMatchObject([4, { code: 'CERTIFICATE_CHANGED' }]);
    expect((await laptop.json<{ name: string }[]>('context', 'list')).map(({ name }) => name)).not.toContain('new');
  });

  it('is asked for on a terminal, as is the token, of which nothing shows', async () => {
    const [token] = tokens as [string];
    const asksFor = async (name: string, answer: string) => {
      const command = `${process.execPath} ${program} context add ${name} ${remote.url}`;
      const env = { HOME: process.env['HOME'], PATH: process.env['PATH'], DOZE_HOME: laptop.path };
      const pty = await openPty(command, { env, columns: 120, rows: 30 });
      await pty.until((screen) => screen.includes('Trust this key from now on? [y/N]'));
      expect(pty.output()).toContain(remote.fingerprint);
      pty.type(`${answer}\r`);
      return pty;
    };
    const doubting = await asksFor('doubtful', 'n');
    expect(await doubting.ended).toBe(4);
    const trusting = await asksFor('asked', 'y');
    await trusting.until((screen) => screen.includes(`Token for ${remote.url}:`));
    trusting.type(`${token}\r`);
    expect(await trusting.ended).toBe(0);
    expect(trusting.output()).toContain(`asked is ${remote.url}, project shop, role operate`);
    expect(trusting.output()).not.toContain(token.slice(5, 20));
    const kept = (await laptop.json<{ name: string; fingerprint: string }[]>('context', 'list')).map(
      ({ name }) => name,
    );
    expect([kept.includes('asked'), kept.includes('doubtful')]).toEqual([true, false]);
    expect((await laptop.run('context', 'remove', 'asked')).code).toBe(0);
  });

  it('may have another certificate by the same key, and no other key', async () => {
    const files = ['tls-cert.pem', 'tls-key.pem'].map((name) => join(remote.home.path, name));
    const [certificate, key] = files.map((file) => readFileSync(file, 'utf8')) as [string, string];
    const restart = async (): Promise<void> => {
      await remote.home.json('agent', 'stop');
      await remote.home.json('agent', 'start');
    };
    writeFileSync(files[0] ?? '', '');
    await restart();
    expect(readFileSync(files[0] ?? '', 'utf8')).not.toBe(certificate);
    expect((await laptop.run('compute', 'list')).code).toBe(0);
    writeFileSync(files[1] ?? '', '');
    await restart();
    const refused = await laptop.run('compute', 'list', '--json');
    expect([refused.code, errorOf(refused)]).toMatchObject([
      4,
      { code: 'CERTIFICATE_CHANGED', details: { trusted: remote.fingerprint } },
    ]);
    writeFileSync(files[1] ?? '', key);
    writeFileSync(files[0] ?? '', certificate);
    await restart();
    expect((await laptop.run('compute', 'list')).code).toBe(0);
  });
});

describe('a remote that goes away', () => {
  it('during a wait is asked again, and one that stays away is said to be away', async () => {
    const relay = await createRelay(remote.port);
    const [token] = tokens as [string];
    const url = `https://127.0.0.1:${relay.port}`;
    const added = await laptop.with(
      { DOZE_TOKEN: token },
      ...['context', 'add', 'far', url, '--fingerprint', remote.fingerprint],
    );
    expect(added.code).toBe(0);
    const far = { DOZE_TOKEN: token, DOZE_CONTEXT: 'far' };
    const lastUse = async () =>
      (await remote.home.json<{ lastUsedAt: string }>('token', 'show', 'laptop', '--project', 'shop')).lastUsedAt;
    const before = await lastUse();
    const waiting = laptop.with(far, 'compute', 'wait', 'orders', '--state', 'suspended', '--timeout', '60s', '--json');
    // Who waits has asked.
    await expect.poll(lastUse, { timeout: 60_000 }).not.toBe(before);
    relay.cut();
    expect((await laptop.run('compute', 'suspend', 'orders')).code).toBe(0);
    expect(await waiting).toMatchObject({ code: 0 });
    relay.close();
    relay.cut();
    const gone = await laptop.with(far, 'compute', 'list', '--json');
    expect([gone.code, errorOf(gone)]).toMatchObject([8, { code: 'AGENT_UNREACHABLE' }]);
  });
});

describe('what is left behind', () => {
  it('has no token in it: no log, no output, no record, but the file that keeps it for its owner', async () => {
    const { stdout: log } = await remote.home.run('agent', 'logs', '--tail', '100000');
    const database = ['doze.db', 'doze.db-wal'].map((name) => readFileSync(join(remote.home.path, name), 'latin1'));
    const audit = (await remote.home.run('audit', 'list', '--limit', '1000', '--json')).stdout;
    const list = (await remote.home.run('token', 'list', '--all', '--json')).stdout;
    for (const token of tokens) {
      for (const text of [log, audit, list, ...database, readFileSync(join(remote.home.path, 'agent.log'), 'utf8')]) {
        expect(text.includes(token.slice(5))).toBe(false);
      }
    }
    const [kept] = tokens as [string];
    expect(laptop.everything.join('\n')).not.toContain(kept.slice(5));
    expect(readFileSync(join(laptop.path, 'contexts.json'), 'utf8')).toContain(kept);
  });
});
