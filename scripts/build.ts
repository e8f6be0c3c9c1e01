import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Sources to `dist/`, then the manifest, which spares every run of the CLI from loading all commands. */
const root = fileURLToPath(new URL('..', import.meta.url));

function run(bin: string, ...args: string[]): void {
  execFileSync(`${root}/node_modules/.bin/${bin}`, args, { cwd: root, stdio: 'inherit' });
}

rmSync(`${root}/dist`, { recursive: true, force: true });
run('tsc', '-p', 'tsconfig.build.json');
if (!existsSync(`${root}/dist/commands`)) mkdirSync(`${root}/dist/commands`);
run('oclif', 'manifest');
