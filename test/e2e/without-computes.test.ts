import { readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { createTestHome, doze } from '../support/cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };

describe('help and version', () => {
  it('are printed to stdout without starting an agent', async () => {
    await using home = createTestHome();
    expect(await home.run('--version')).toEqual({ code: 0, stdout: `doze ${version}\n`, stderr: '' });
    expect(await home.json('--version')).toMatchObject({ version, node: process.version });
    const help = await home.run('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('doze compute start NAME');
    expect((await home.run()).stdout).toBe(help.stdout);
    expect((await home.run('compute', 'start', '--help')).stdout).toContain('--suspend-after DURATION');
    expect((await home.run('agent', 'status')).code).toBe(3);
  });

  it('end quietly when nobody reads them any more', () => {
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" bin/run.js compute start --help | head -n 1', process.execPath],
      { cwd: root, encoding: 'utf8' },
    );
    expect({ status, lines: stdout.split('\n').length, stderr }).toEqual({ status: 0, lines: 2, stderr: '' });
  });
});

describe('what is printed', () => {
  it('to a full disk ends with an error and no stack', async () => {
    await using home = createTestHome();
    const { status, stderr } = spawnSync('sh', ['-c', '"$0" bin/run.js config list >/dev/full', process.execPath], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, DOZE_HOME: home.path },
    });
    expect(status).toBe(8);
    expect(stderr).toMatch(/^Error: .* could not be written to stdout: the disk is full\nNext: .*\n$/);
  });
});

describe('a home that cannot be', () => {
  it.each(['/dev/null/home', '/proc/nowhere/home', `${root}package.json`])('such as %s is named', async (home) => {
    for (const args of [
      ['compute', 'list'],
      ['agent', 'run'],
      ['config', 'set', 'size', '1'],
    ]) {
      const outcome = await doze([...args, '--json'], { home, workingDirectory: root });
      expect(outcome.code).toBe(8);
      expect(JSON.parse(outcome.stdout)).toMatchObject({
        error: { code: 'HOME_UNUSABLE', message: expect.stringContaining(home) as string },
      });
    }
  });
});

describe('a home without computes', () => {
  const shared = createTestHome();
  afterAll(() => shared[Symbol.asyncDispose]());

  it('lists none, as a table and as JSON, and starts the agent for it', async () => {
    await using home = createTestHome();
    expect(await home.json<unknown[]>('compute', 'list')).toEqual([]);
    expect((await home.run('compute', 'list')).stdout).toMatch(/^NAME +STATE/);
    const status = await home.json('agent', 'status');
    expect(status).toMatchObject({ running: true, version, home: home.path, computes: {} });
  });

  it('tells a monitoring system about itself', async () => {
    const { code, stdout } = await shared.run('agent', 'metrics');
    expect(code).toBe(0);
    expect(stdout).toContain('# TYPE doze_computes gauge\ndoze_computes{state="creating"} 0\n');
    expect(await shared.json('agent', 'metrics')).toEqual({ format: 'prometheus', text: stdout });
  });

  it('reports no usage', async () => {
    const report = await shared.json('usage', 'report');
    expect(report).toMatchObject({ computes: [], projects: [], total: { activeSeconds: 0, cuSeconds: 0, wakes: 0 } });
    expect((await shared.run('usage', 'report', '--csv')).stdout).toBe(
      'project,compute,computeId,activeSeconds,cuSeconds,wakes,first,last,frozenSeconds,hibernatedSeconds,' +
        'storageByteHours,bytesIn,bytesOut,queries,wakesUpTo50Ms,wakesUpTo100Ms,wakesUpTo200Ms,wakesUpTo500Ms,' +
        'wakesUpTo1000Ms,wakesUpTo2000Ms,wakesUpTo5000Ms,wakesUpTo10000Ms,wakesLonger\n',
    );
  });

  it.each([
    ['show', []],
    ['url', []],
    ['suspend', []],
    ['resume', []],
    ['restart', []],
    ['wait', []],
    ['logs', []],
    ['connect', ['-e', 'SELECT 1']],
    ['destroy', ['--confirm', 'shop']],
    ['events', []],
  ])('says that there is no compute to %s', async (verb, flags) => {
    const outcome = await shared.run('compute', verb, 'shop', ...flags, '--json');
    expect(outcome.code).toBe(3);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { code: 'COMPUTE_NOT_FOUND' } });
  });
});

describe('settings', () => {
  it('are stored, shown with where they come from, and forgotten', async () => {
    await using home = createTestHome();
    expect(await home.json('config', 'set', 'suspendAfter', '1m')).toMatchObject({ value: '1m', source: 'stored' });
    expect((await home.run('config', 'get', 'suspendAfter')).stdout).toBe('1m\n');
    const all = await home.json<{ name: string; source: string }[]>('config', 'list');
    expect(all.find(({ name }) => name === 'suspendAfter')).toMatchObject({ value: '1m', source: 'stored' });
    expect(await home.json('config', 'unset', 'suspendAfter')).toMatchObject({ value: 'ladder', changed: true });
    expect((await home.run('config', 'path')).stdout).toBe(`${home.path}/config.json\n`);
  });

  it('of the environment win over stored ones', async () => {
    await using home = createTestHome();
    await home.run('config', 'set', 'suspendAfter', '1m');
    const { stdout } = await doze(['config', 'get', 'suspendAfter', '--json'], {
      home: home.path,
      env: { DOZE_SUSPEND_AFTER: '2m' },
    });
    expect(JSON.parse(stdout)).toMatchObject({ value: '2m', source: 'environment', origin: 'DOZE_SUSPEND_AFTER' });
  });

  it('in a file that does not parse are an error that names the file', async () => {
    await using home = createTestHome();
    writeFileSync(`${home.path}/config.json`, '{ "suspendAfter": ');
    const outcome = await home.run('compute', 'list');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(`${home.path}/config.json`);
  });
});

describe('the agent', () => {
  it('is started, found running, and stopped, each of them idempotent', async () => {
    await using home = createTestHome();
    expect(await home.json('agent', 'start')).toMatchObject({ running: true, changed: true });
    expect(await home.json('agent', 'start')).toMatchObject({ running: true, changed: false });
    expect((await home.run('agent', 'logs', '--tail', '5')).stdout).toContain('the agent is up');
    expect(await home.json('agent', 'stop')).toEqual({ running: false, changed: true });
    expect(await home.json('agent', 'stop')).toEqual({ running: false, changed: false });
    expect((await home.run('agent', 'status', '--json')).code).toBe(3);
  });
});

describe('the doctor', () => {
  it('finds what this machine has, and exits with 8 only if something failed', async () => {
    await using home = createTestHome();
    const { code, stdout } = await home.run('doctor', '--json');
    const checks = JSON.parse(stdout) as { name: string; status: string }[];
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['node', 'docker', 'process', 'disk', 'agent']),
    );
    expect(code).toBe(checks.some(({ status }) => status === 'failed') ? 8 : 0);
  });
});
