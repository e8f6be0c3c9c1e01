import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createTemporaryDirectory } from './temporary-directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface OtherVersion extends Disposable {
  readonly version: string;
  /** Its `bin/run.js`. */
  readonly program: string;
}

/** What a second installation has: the compiled package with a version of its own, and the same dependencies. */
export function installOtherVersion(version: string): OtherVersion {
  const directory = createTemporaryDirectory();
  const { path } = directory;
  for (const name of ['bin', 'dist']) cpSync(join(root, name), join(path, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'));
  for (const name of ['package.json', 'oclif.manifest.json']) {
    const content = JSON.parse(readFileSync(join(root, name), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(path, name), JSON.stringify({ ...content, version }));
  }
  return {
    version,
    program: join(path, 'bin', 'run.js'),
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  };
}
