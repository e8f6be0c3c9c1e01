import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { announce } from './announce.ts';
import { installMissing } from './packages.ts';

/** Where /tmp is in memory, a swap file has to be elsewhere. */
const DIRECTORIES = [...new Set([tmpdir(), '/var/tmp'])];
/** Kept between runs, and in use until the machine ends or somebody switches it off. */
const NAME = 'doze-test-swap';
const SWAP_MIB = 1024;

/** Makes sure that the kernel has somewhere to put the memory of a hibernated compute. */
export function ensureSwap(): void {
  if (hasSwap()) return;
  if (process.getuid?.() !== 0)
    throw new Error('this machine has no swap, and only root can make it some: swapon FILE');
  installMissing([
    { program: 'mkswap', debianPackage: 'util-linux', description: 'mkswap' },
    { program: 'swapon', debianPackage: 'mount', description: 'swapon' },
  ]);
  for (const file of DIRECTORIES.map((directory) => join(directory, NAME))) {
    if (!existsSync(file)) makeSwapFile(file);
    const said = run('swapon', file);
    // Another test run may have been first with the same file: what counts is that there is swap.
    if (hasSwap()) {
      announce(`this machine had no swap: it uses ${file} now; stop that with: swapoff ${file}`);
      return;
    }
    rmSync(file);
    announce(`no swap in ${file}: ${said}`);
  }
  throw new Error(`this machine has no swap, and takes no swap file in ${DIRECTORIES.join(' or ')}`);
}

/** Written in full, as a file with holes is no swap, and named when it is whole. */
function makeSwapFile(path: string): void {
  const unfinished = `${path}.${String(process.pid)}`;
  const file = openSync(unfinished, 'wx', 0o600);
  const zeros = Buffer.alloc(1024 ** 2);
  for (let mib = 0; mib < SWAP_MIB; mib += 1) writeSync(file, zeros);
  closeSync(file);
  run('mkswap', unfinished);
  renameSync(unfinished, path);
}

/** @returns what it said; whether it worked shows in the end */
function run(program: string, file: string): string {
  const { stderr } = spawnSync(program, [file], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  return stderr.trim();
}

function hasSwap(): boolean {
  return readFileSync('/proc/swaps', 'utf8').trimEnd().split('\n').length > 1;
}
