import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readReport, readSize, SUPERVISOR, type Order } from '../../../../src/lib/drivers/docker/supervisor.ts';

/** Stands in for the server: writes down its arguments, and ends as a file says when it gets TERM. */
const SERVER = `#!/bin/sh
echo "$*" >>"$DOZE_DATA/starts"
trap 'kill $!; exit $(cat "$DOZE_DATA/code" 2>/dev/null || echo 0)' TERM
echo $$ >"$DOZE_DATA/pid"
while :; do sleep 60 & wait $!; done
`;

interface Supervised {
  readonly process: ChildProcessWithoutNullStreams;
  order(order: Order | 'size'): void;
  /** The next line on stdout. */
  next(): Promise<string>;
  ended(): Promise<number | null>;
}

let root = '';
let running: Supervised | null = null;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'doze-supervisor-'));
  for (const path of ['bin', 'data', 'run', 'template/data/mysql']) await mkdir(join(root, path), { recursive: true });
  await writeFile(join(root, 'template/data/mysql/global_priv'), 'template');
  await writeFile(join(root, 'bin/fake-server'), SERVER);
  await chmod(join(root, 'bin/fake-server'), 0o755);
});

afterEach(async () => {
  running?.process.kill('SIGTERM');
  await running?.ended();
  running = null;
  await rm(root, { recursive: true });
});

function supervise(): Supervised {
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'doze-supervisor', '--one', '--two'], {
    env: {
      PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`,
      DOZE_DATA: join(root, 'data'),
      DOZE_RUN: join(root, 'run'),
      DOZE_TEMPLATE: join(root, 'template'),
      DOZE_SERVERS: 'no-such-server fake-server',
      DOZE_INIT_SQL: 'CREATE DATABASE shop;',
    },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, 'exit') as Promise<[number | null]>;
  running = {
    process: child,
    order: (order) => void child.stdin.write(`${order}\n`),
    next: async () => String((await lines.next()).value),
    ended: async () => (await exit)[0],
  };
  return running;
}

function pathIn(name: string): string {
  return join(root, 'data', name);
}

async function startedServer(): Promise<number> {
  for (;;) {
    const pid = Number(await readFile(pathIn('pid'), 'utf8').catch(() => ''));
    if (pid > 0) return pid;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the supervisor', () => {
  it('copies the template and starts the server with its arguments and the first SQL', async () => {
    const supervised = supervise();
    expect(await supervised.next()).toBe('doze: running');
    await startedServer();
    expect(await readFile(pathIn('data/mysql/global_priv'), 'utf8')).toBe('template');
    expect(await readFile(pathIn('starts'), 'utf8')).toBe(`--one --two --init-file=${join(root, 'run/init.sql')}\n`);
    expect(await readFile(join(root, 'run/init.sql'), 'utf8')).toBe('CREATE DATABASE shop;\n');
  });

  it('leaves data alone that is there, and a first SQL that has been run', async () => {
    await mkdir(pathIn('data/shop'), { recursive: true });
    await writeFile(pathIn('initialised'), '1');
    const supervised = supervise();
    await supervised.next();
    await startedServer();
    await expect(access(pathIn('data/mysql'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readFile(pathIn('starts'), 'utf8')).toBe('--one --two\n');
  });

  it('copies again what an earlier copy left half done', async () => {
    await mkdir(pathIn('data.new/half'), { recursive: true });
    const supervised = supervise();
    await supervised.next();
    await expect(access(pathIn('data/half'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readFile(pathIn('data/mysql/global_priv'), 'utf8')).toBe('template');
  });

  it('refuses to start on an empty template rather than with an empty directory', async () => {
    await rm(join(root, 'template/data'), { recursive: true });
    const supervised = supervise();
    expect(await supervised.ended()).toBe(78);
  });

  it('parks the server and starts it again, in the same container', async () => {
    const supervised = supervise();
    await supervised.next();
    for (let round = 0; round < 3; round += 1) {
      await startedServer();
      await rm(pathIn('pid'));
      supervised.order('park');
      expect(readReport(await supervised.next())).toMatchObject({ state: 'parked', code: 0 });
      supervised.order('start');
      expect(await supervised.next()).toBe('doze: running');
    }
  });

  it('tells how and when a parked server ended', async () => {
    await writeFile(pathIn('code'), '3');
    const beforeMs = Date.now();
    const supervised = supervise();
    await supervised.next();
    await startedServer();
    supervised.order('park');
    const report = readReport(await supervised.next());
    expect(report).toMatchObject({ state: 'parked', code: 3 });
    expect(report?.state === 'parked' ? report.endedAtMs : null).toBeGreaterThan(beforeMs - 1000);
  });

  it('tells how much the data takes, running and parked', async () => {
    const supervised = supervise();
    await supervised.next();
    await startedServer();
    await writeFile(pathIn('data/much'), Buffer.alloc(1024 ** 2, 1));
    supervised.order('size');
    expect(readSize(await supervised.next())).toBeGreaterThanOrEqual(1024 ** 2);
    supervised.order('park');
    await supervised.next();
    supervised.order('size');
    expect(readSize(await supervised.next())).toBeGreaterThanOrEqual(1024 ** 2);
  });

  it('answers for its state without changing it', async () => {
    const supervised = supervise();
    await supervised.next();
    const pid = await startedServer();
    supervised.order('state');
    expect(await supervised.next()).toBe('doze: running');
    expect(process.kill(pid, 0)).toBe(true);
    supervised.order('park');
    const parked = await supervised.next();
    supervised.order('state');
    expect(await supervised.next()).toBe(parked);
  });

  it('does nothing for an order that is fulfilled already', async () => {
    const supervised = supervise();
    await supervised.next();
    const pid = await startedServer();
    supervised.order('start');
    expect(await supervised.next()).toBe('doze: running');
    expect(await startedServer()).toBe(pid);
    supervised.order('park');
    const parked = await supervised.next();
    supervised.order('park');
    expect(await supervised.next()).toBe(parked);
  });

  it('ends the server even when it has only just been launched', async () => {
    const supervised = supervise();
    await supervised.next();
    for (let round = 0; round < 50; round += 1) {
      supervised.order('park');
      expect(readReport(await supervised.next())).toMatchObject({ state: 'parked' });
      supervised.order('start');
      expect(await supervised.next()).toBe('doze: running');
    }
  });

  it("ends with the server's code when the server ends unasked", async () => {
    const supervised = supervise();
    await supervised.next();
    process.kill(await startedServer(), 'SIGKILL');
    expect(await supervised.ended()).toBe(137);
  });

  it('ends the server and then itself on TERM, whether it runs or is parked', async () => {
    const supervised = supervise();
    await supervised.next();
    const pid = await startedServer();
    supervised.process.kill('SIGTERM');
    expect(await supervised.ended()).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow();
    await rm(pathIn('pid'));

    const parked = supervise();
    await parked.next();
    await startedServer();
    parked.order('park');
    await parked.next();
    parked.process.kill('SIGTERM');
    expect(await parked.ended()).toBe(0);
  });

  it('says so when the image has no server', async () => {
    await rm(join(root, 'bin/fake-server'));
    const supervised = supervise();
    const [errors] = (await once(supervised.process.stderr, 'data')) as [Buffer];
    expect(errors.toString()).toContain('no server in this image');
    expect(await supervised.ended()).toBe(78);
  });
});

describe("a line of the supervisor's", () => {
  it.each([
    ['doze: running', { state: 'running' }],
    ['doze: ending', { state: 'ending' }],
    ['doze: parked code=0 at=1700000000', { state: 'parked', code: 0, endedAtMs: 1_700_000_000_000 }],
    ['doze: parked code=0 at=0', { state: 'parked', code: 0, endedAtMs: null }],
    ['doze: ended code=1', null],
    ['2026-01-01 [Note] ready', null],
  ])('%s is understood', (line, report) => {
    expect(readReport(line)).toEqual(report);
  });
});
