import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** e2e tests run what a user runs, the compiled program: never one that is older than its sources. */
export default function setup(): void {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const args = ['scripts/build.ts', '--if-stale'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('the build failed; its output is above');
}
