import { afterAll, describe, expect, it } from 'vitest';

import { createTestHome, doze } from '../support/cli.ts';

const FLAGS = ['--yes', '--driver', 'process', '--suspend-after', '1s'];

const home = createTestHome();
afterAll(() => home[Symbol.asyncDispose]());

describe('the demo', () => {
  it('ends with one line that sums it up, and leaves no compute behind', async () => {
    const { code, stdout, stderr } = await home.run('demo', ...FLAGS);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(
      /^demo: started in .+, 1,000 rows written, slept .+, woke in .+ with all 1,000 rows, \d+\.\d{3} s billed \(process, MariaDB [\d.]+\)\n$/,
    );
    expect(await home.json<unknown[]>('compute', 'list', '--all')).toEqual([]);
    expect(await home.json<unknown[]>('compute', 'list', '--all', '--destroyed')).toEqual([]);
  });

  it('gives its figures as JSON, and they agree with the usage report', async () => {
    const figures = await home.json<{ name: string; activeSeconds: number; wakes: { rows: number }[] }>(
      'demo',
      ...FLAGS,
      '--rows',
      '50',
    );
    expect(figures).toMatchObject({ rows: 50, kept: false, driver: 'process' });
    expect(figures.wakes).toMatchObject([{ rows: 50 }, { rows: 50 }]);
    const report = await home.json('usage', 'report', '--compute', figures.name);
    expect(report).toMatchObject({ total: { activeSeconds: figures.activeSeconds, wakes: 2 } });
  });

  it('cleans up after itself when it is interrupted', async () => {
    await home.run('agent', 'start');
    const interrupted = await doze(['demo', ...FLAGS], { home: home.path, onStarted: (kill) => kill('SIGINT') });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stdout).toBe('');
    expect(await home.json<unknown[]>('compute', 'list', '--all')).toEqual([]);
  });
});
