import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { takeExclusiveLock } from '../../../src/lib/store/index.ts';

const CONTENDER = new URL('../../fixtures/lock-contender.ts', import.meta.url).pathname;

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'doze-lock-'));
  path = join(directory, 'home', 'agent.lock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Contender {
  readonly process: ReturnType<typeof spawn>;
  readonly verdict: string;
}

/** Another process that asks for the lock, says how it went, and keeps what it got until its input ends. */
async function contend(): Promise<Contender> {
  const child = spawn(process.execPath, [CONTENDER, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [verdict] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { process: child, verdict: verdict.trim() };
}

async function end(contender: Contender, signal: NodeJS.Signals): Promise<void> {
  const exit = once(contender.process, 'exit');
  contender.process.kill(signal);
  await exit;
}

describe('an exclusive lock', () => {
  it('has one owner at a time, in one process and in several', async () => {
    const lock = takeExclusiveLock(path);
    expect(lock).not.toBeNull();
    expect(takeExclusiveLock(path)).toBeNull();
    const other = await contend();
    expect(other.verdict).toBe('lost');
    await end(other, 'SIGTERM');
    lock?.release();
    const next = takeExclusiveLock(path);
    expect(next).not.toBeNull();
    next?.release();
  });

  it('goes to exactly one of ten processes that ask at once', async () => {
    const contenders = await Promise.all(Array.from({ length: 10 }, contend));
    expect(contenders.map(({ verdict }) => verdict).sort()).toEqual(['got', ...Array<string>(9).fill('lost')].sort());
    await Promise.all(contenders.map((contender) => end(contender, 'SIGKILL')));
  });

  it('is free again the moment its owner is killed', async () => {
    const owner = await contend();
    expect(owner.verdict).toBe('got');
    expect(takeExclusiveLock(path)).toBeNull();
    await end(owner, 'SIGKILL');
    const lock = takeExclusiveLock(path);
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it('may be released twice', () => {
    const lock = takeExclusiveLock(path);
    lock?.release();
    expect(() => lock?.release()).not.toThrow();
  });

  it('writes nothing to its file, which is for its owner only', () => {
    const lock = takeExclusiveLock(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    lock?.release();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('says what is wrong with a place where no file can be', () => {
    writeFileSync(join(directory, 'home'), 'not a directory');
    expect(() => takeExclusiveLock(path)).toThrow(expect.objectContaining({ code: 'STORE_UNUSABLE' }));
  });
});
