import { rmSync } from 'node:fs';

import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { run } from './run.ts';

const BYTES = 8 * 1024 ** 3;

/** A btrfs of its own, on a file with room for what is written. @returns null where one cannot be made, or mounted */
export async function createSharingDisk(): Promise<(AsyncDisposable & { readonly path: string }) | null> {
  const directory = createTemporaryDirectory();
  const image = `${directory.path}.img`;
  try {
    await run('truncate', ['--size', String(BYTES), image]);
    await run('mkfs.btrfs', ['--quiet', image]);
    await run('mount', ['-o', 'loop', image, directory.path]);
  } catch {
    rmSync(image, { force: true });
    directory[Symbol.dispose]();
    return null;
  }
  return {
    path: directory.path,
    [Symbol.asyncDispose]: async () => {
      // Lazily: an agent that has given up its socket may take a moment to end.
      await run('umount', ['--lazy', directory.path]);
      rmSync(image, { force: true });
      directory[Symbol.dispose]();
    },
  };
}
