import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { announce } from './announce.ts';
import { installMissing } from './packages.ts';

/** Kept between runs, and in use until the machine ends or somebody switches it off. */
const SWAP_FILE = join(tmpdir(), 'doze-test-swap');
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
  if (!existsSync(SWAP_FILE)) makeSwapFile();
  // Another test run may have done it meanwhile: what counts is that there is swap.
  spawnSync('swapon', [SWAP_FILE], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (!hasSwap()) throw new Error(`swapon ${SWAP_FILE} gave this machine no swap; its output is above`);
  announce(`this machine had no swap: it uses ${SWAP_FILE} now; stop that with: swapoff ${SWAP_FILE}`);
}

/** Written in full: a file with holes is no swap. */
function makeSwapFile(): void {
  const temporary = `${SWAP_FILE}.${String(process.pid)}`;
  const file = openSync(temporary, 'wx', 0o600);
  const zeros = Buffer.alloc(1024 ** 2);
  for (let mib = 0; mib < SWAP_MIB; mib += 1) writeSync(file, zeros);
  closeSync(file);
  chmodSync(temporary, 0o600);
  const { status } = spawnSync('mkswap', [temporary], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) {
    rmSync(temporary);
    throw new Error('mkswap failed; its output is above');
  }
  renameSync(temporary, SWAP_FILE);
}

function hasSwap(): boolean {
  return readFileSync('/proc/swaps', 'utf8').trimEnd().split('\n').length > 1;
}
