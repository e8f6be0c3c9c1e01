import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { createTestHome, doze, type TestHome } from '../support/cli.ts';
import { installOtherVersion, type OtherVersion } from '../support/other-version.ts';

interface Usage {
  readonly computes: readonly { readonly activeSeconds: number; readonly wakes: number; readonly first: string }[];
}

const packageFile = fileURLToPath(new URL('../../package.json', import.meta.url));
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const OTHER = '0.0.1-other';
const COMPUTE_COMMANDS = [
  ['compute', 'list'],
  ['compute', 'start', 'shop'],
  ['compute', 'show', 'shop'],
  ['compute', 'connect', 'shop', '-e', 'SELECT 1'],
  ['usage', 'report'],
];

/** The same home, seen by the other installation. */
function createOther(home: TestHome, { program }: OtherVersion) {
  const run = (...args: string[]) => doze([...args, '--json'], { home: home.path, program });
  return {
    run,
    async json<Result = Record<string, unknown>>(...args: string[]): Promise<Result> {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stderr: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout) as Result;
    },
  };
}

/** Whatever became of the test: its computes are removed by an agent of this version. */
function endWithOwnAgent(home: TestHome): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await home.run('agent', 'stop');
      await home.run('agent', 'start');
    },
  };
}

function serverRecord(home: TestHome): string {
  return readFileSync(globSync(`${home.path}/computes/*/run/server`)[0] ?? '', 'utf8');
}

describe('an agent of another version', () => {
  it('is named with the command that ends it, does as it is told, and its computes are taken over as they run', async () => {
    using other = installOtherVersion(OTHER);
    await using home = createTestHome();
    await using _end = endWithOwnAgent(home);
    const theirs = createOther(home, other);
    expect(await theirs.json('--version')).toMatchObject({ version: OTHER });
    const started = await theirs.json('compute', 'start', 'shop', '--driver', 'process', '--suspend-after', 'never');
    await theirs.json('compute', 'connect', 'shop', '-e', 'CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)');
    const server = serverRecord(home);

    for (const command of COMPUTE_COMMANDS) {
      const { code, stdout } = await home.run(...command, '--json');
      expect({ command, code, ...(JSON.parse(stdout) as object) }).toMatchObject({
        command,
        code: 8,
        error: {
          code: 'AGENT_VERSION_MISMATCH',
          message: `the agent is doze ${OTHER}, this command is doze ${version}`,
          hint: expect.stringMatching(/^doze agent stop/) as string,
        },
      });
    }
    const { stderr } = await home.run('compute', 'list');
    expect(stderr).toContain('Next: doze agent stop');
    expect(await home.json('agent', 'status')).toMatchObject({
      running: true,
      version: OTHER,
      computes: { active: 1 },
    });
    const before = await theirs.json<Usage>('usage', 'report');

    expect(await home.json('agent', 'stop')).toEqual({ running: false, changed: true });
    expect(await home.json('compute', 'show', 'shop')).toMatchObject({
      state: 'active',
      wakes: 0,
      port: started['port'],
    });
    expect(await home.json('agent', 'status')).toMatchObject({ running: true, version });
    expect(await home.json('compute', 'connect', 'shop', '-e', 'SELECT a FROM t ORDER BY a')).toEqual([
      { a: 1 },
      { a: 2 },
    ]);
    expect(serverRecord(home)).toBe(server);
    const events = await home.json<{ type: string }[]>('compute', 'events', 'shop');
    expect(events.map(({ type }) => type)).toEqual(['createRequested', 'started']);
    const after = await home.json<Usage>('usage', 'report');
    expect(after.computes).toMatchObject([{ wakes: 0, first: before.computes[0]?.first }]);
    expect(after.computes[0]?.activeSeconds).toBeGreaterThan(before.computes[0]?.activeSeconds ?? Infinity);

    const back = await theirs.run('compute', 'list');
    expect(JSON.parse(back.stdout)).toMatchObject({
      error: { code: 'AGENT_VERSION_MISMATCH', message: `the agent is doze ${version}, this command is doze ${OTHER}` },
    });
    expect(await theirs.json('agent', 'stop')).toEqual({ running: false, changed: true });
    expect(await theirs.json('compute', 'show', 'shop')).toMatchObject({ state: 'active', wakes: 0 });
    expect(serverRecord(home)).toBe(server);
  });
});
