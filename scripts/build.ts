import { spawnSync } from 'node:child_process';
import { globSync, renameSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { bundleCommands } from './bundle.ts';

/**
 * Sources to `dist/`, then the manifest, which spares every run of the CLI from loading all commands. With
 * `--if-stale` nothing is done when nothing changed: npm runs `prepare` at the first `npx doze` in a checkout too.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
// Removed files show in the time of their directory, so directories count as well.
const INPUTS = ['src/**', 'package.json', 'package-lock.json', 'tsconfig*.json', 'scripts/*.ts'];
const OUTPUT = 'oclif.manifest.json';

function isStale(): boolean {
  const built = statSync(`${root}/${OUTPUT}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return globSync(INPUTS, { cwd: root }).some((path) => statSync(`${root}/${path}`).mtimeMs > built);
}

async function build(): Promise<boolean> {
  const fresh = `dist.${String(process.pid)}`;
  try {
    if (!run('tsc', '-p', 'tsconfig.build.json', '--outDir', fresh)) return false;
    await bundleCommands(`${root}/${fresh}`);
    rmSync(`${root}/dist`, { recursive: true, force: true });
    renameSync(`${root}/${fresh}`, `${root}/dist`);
  } finally {
    rmSync(`${root}/${fresh}`, { recursive: true, force: true });
  }
  return run('oclif', 'manifest');
}

function run(bin: string, ...args: string[]): boolean {
  return spawnSync(`${root}/node_modules/.bin/${bin}`, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

if (!process.argv.includes('--if-stale') || isStale()) process.exitCode = (await build()) ? 0 : 1;
