import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Run {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** All that is to be typed, in order, in one shell; what comes of each block ends with a line of its own. */
function typed(document: string): string {
  const blocks = [...document.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block ?? '');
  return ['set -euo pipefail', ...blocks.flatMap((block) => [block, 'echo ---'])].join('\n');
}

function runShell(script: string, env: NodeJS.ProcessEnv, cwd: string): Promise<Run> {
  return new Promise((resolve) => {
    execFile('bash', ['-c', script], { env, cwd }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

describe('docs/api.md', () => {
  it('says what works as it is typed', async () => {
    await using home = createTestHome();
    await home.json('agent', 'start');
    symlinkSync(`${root}/bin/run.js`, `${home.path}/doze`);
    const path = [home.path, dirname(process.execPath), process.env['PATH']].join(':');
    const script = typed(readFileSync(`${root}/docs/api.md`, 'utf8'));
    const { code, stdout, stderr } = await runShell(
      script,
      { ...process.env, DOZE_HOME: home.path, PATH: path },
      home.path,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('Error') as string });
    const [health, paths, url, later, keyed, tagged, , events, problem, ready] = stdout.split('---\n');
    expect(health).toContain('{"status":"ok"}');
    expect(paths).toContain('/computes/{project}/{name}/start\n');
    expect(url).toMatch(/^mysql:\/\/app@127\.0\.0\.1:\d+\/shop$/m);
    expect(later).toContain('succeeded\nsuspendCompute\nstartCompute\n');
    const [first, second] = (keyed ?? '').split('\n');
    expect(second).toBe(first);
    expect(tagged).toBe('changed\nPRECONDITION_FAILED\n');
    expect(events).toContain('event: createRequested');
    expect(JSON.parse(problem ?? '')).toMatchObject({ code: 'COMPUTE_NOT_FOUND', hint: 'doze compute list' });
    expect(ready).toContain('"status":"ready"');
  });
});
