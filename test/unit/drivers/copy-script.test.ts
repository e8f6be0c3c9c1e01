import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { COPY_EXIT, COPY_PROGRAM, COPY_SCRIPT, readCopied } from '../../../src/lib/drivers/copy-script.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from '../../support/temporary-directory.ts';

let directory: TemporaryDirectory;
let from: string;
let to: string;

beforeEach(() => {
  directory = createTemporaryDirectory();
  from = join(directory.path, 'from');
  to = join(directory.path, 'to');
  mkdirSync(join(from, 'shop'), { recursive: true });
  mkdirSync(to);
  writeFileSync(join(from, 'ibdata1'), 'pages');
  writeFileSync(join(from, 'shop', 'orders.ibd'), 'rows');
});
afterEach(() => directory[Symbol.dispose]());

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
}

function begin(env: Readonly<Record<string, string>> = {}): {
  readonly child: ChildProcess;
  readonly end: Promise<Ended>;
} {
  const child = spawn('/bin/sh', ['-c', COPY_SCRIPT, COPY_PROGRAM], {
    env: { PATH: process.env['PATH'], FROM: from, TO: to, COPY: 'c1', OWNER: 'same', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const end = new Promise<Ended>((resolve, reject) => {
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout }));
  });
  return { child, end };
}

/** Puts a program before those of the system. @returns a PATH */
function withProgram(name: string, text: string): string {
  const programs = join(directory.path, `programs-${name}`);
  mkdirSync(programs);
  writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(programs, name), 0o755);
  return `${programs}:${process.env['PATH'] ?? ''}`;
}

describe('the copy script', () => {
  it('copies all, says how much, and leaves out that the accounts are set up', async () => {
    writeFileSync(join(from, 'doze-initialised'), '');
    const { code, stdout } = await begin().end;
    expect(code).toBe(0);
    expect(readCopied(stdout)?.bytes).toBeGreaterThan(0);
    expect(readdirSync(to).sort()).toEqual(['copied', 'data']);
    expect(readdirSync(join(to, 'data')).sort()).toEqual(['ibdata1', 'shop']);
    expect(readFileSync(join(to, 'data', 'shop', 'orders.ibd'), 'utf8')).toBe('rows');
  });

  it.each([
    ['a pointer to a table elsewhere', () => writeFileSync(join(from, 'shop', 'far.isl'), '/elsewhere/shop/far.ibd')],
    ['a symbolic link', () => symlinkSync('/elsewhere/far.ibd', join(from, 'shop', 'far.ibd'))],
  ])('refuses data with %s, and leaves nothing', async (_what, add) => {
    add();
    expect((await begin().end).code).toBe(COPY_EXIT.outside);
    expect(readdirSync(to)).toEqual([]);
  });

  it('makes no second replica: only its own compute goes on as one', async () => {
    const files = ['master.info', 'master-eu.info', 'multi-master.info', 'relay-log.info', 'relay-log-eu.info'];
    for (const file of files) writeFileSync(join(from, file), 'x');
    await begin().end;
    expect(readdirSync(join(to, 'data'))).toEqual(expect.arrayContaining(files));
    await begin({ COPY: 'c2', OWNER: 'other' }).end;
    expect(readdirSync(join(to, 'data')).sort()).toEqual(['ibdata1', 'shop']);
  });

  it('ends one that was left behind at the same place, also where there is no ps', async () => {
    const left = begin({
      PATH: withProgram('cp', '[ "$1" = -a ] || exit 1; : >"$TO/begun"; exec sleep 600'),
      COPY: 'old',
    });
    await expect.poll(() => existsSync(join(to, 'begun'))).toBe(true);
    const { code } = await begin({ PATH: withProgram('ps', 'exit 127') }).end;
    expect(code).toBe(0);
    expect((await left.end).code).toBe(143);
    expect(readFileSync(join(to, 'copied'), 'utf8')).toMatch(/^c1 /);
    expect(readFileSync(join(to, 'data', 'ibdata1'), 'utf8')).toBe('pages');
  });
});
