import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readProcess } from '../../../../src/lib/drivers/process/process-table.ts';
import { SUPERVISOR_SCRIPT } from '../../../../src/lib/drivers/process/supervisor-script.ts';

describe('the supervisor of a server', () => {
  let run = '';
  beforeEach(async () => {
    run = join(await mkdtemp(join(tmpdir(), 'doze-supervisor-')), 'run');
    await mkdir(run);
  });
  afterEach(() => rm(join(run, '..'), { recursive: true, force: true }));

  const supervise = (server: string): ChildProcess =>
    spawn('/bin/sh', ['-c', SUPERVISOR_SCRIPT, 'supervisor', run, '/bin/sh', '-c', server], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
  const launched = async (supervisor: ChildProcess): Promise<number> => {
    const pipe = supervisor.stdio[3] as Readable;
    pipe.resume();
    await once(pipe, 'close');
    return Number((await readFile(join(run, 'server'), 'utf8')).split(' ')[0]);
  };
  const note = (): Promise<string> => readFile(join(run, 'exit'), 'utf8');

  it.each([0, 1, 42])('notes that the server exited with %i', async (code) => {
    await once(supervise(`exit ${code}`), 'exit');
    expect(await note()).toMatch(new RegExp(`^${code} \\d+\\n\\s*$`));
  });

  it('notes that the server was killed', async () => {
    const supervisor = supervise('exec sleep 60');
    process.kill(await launched(supervisor), 'SIGKILL');
    await once(supervisor, 'exit');
    expect(await note()).toMatch(/^137 \d+\n\s*$/);
  });

  it('puts the server on record by what tells it from a later process of the same pid', async () => {
    const supervisor = supervise('exec sleep 60');
    const pid = await launched(supervisor);
    const record = await readFile(join(run, 'server'), 'utf8');
    expect(record.trim()).toBe(`${pid} ${supervisor.pid} ${(await readProcess(pid))?.birth}`);
    process.kill(pid, 'SIGKILL');
    await once(supervisor, 'exit');
  });

  it('outlives a signal that was meant for everybody, and still notes the end', async () => {
    const supervisor = supervise('trap "exit 7" TERM; while :; do sleep 0.05; done');
    const pid = await launched(supervisor);
    supervisor.kill('SIGTERM');
    supervisor.kill('SIGHUP');
    expect(await readProcess(pid)).not.toBeNull();
    process.kill(pid, 'SIGTERM');
    await once(supervisor, 'exit');
    expect(await note()).toMatch(/^7 \d+\n\s*$/);
  });

  it('goes on when the agent that launched it is gone', async () => {
    const supervisor = supervise('sleep 0.3; exit 3');
    supervisor.stdio[3]?.destroy();
    await once(supervisor, 'exit');
    expect(await note()).toMatch(/^3 \d+\n\s*$/);
  });

  it('ends a server that it cannot put on record', async () => {
    await rm(run, { recursive: true });
    const supervisor = supervise(`echo $$ >"${run}.pid"; exec sleep 60`);
    const [code] = (await once(supervisor, 'exit')) as [number];
    expect(code).toBe(1);
    const pid = await readFile(`${run}.pid`, 'utf8').catch(() => null);
    if (pid !== null) expect(await readProcess(Number(pid))).toBeNull();
  });
});
