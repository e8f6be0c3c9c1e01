import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';

/** A file system of its own that can be filled to the last block, and has room again. */
export interface SmallDisk extends TemporaryDirectory {
  /** Takes all the room but so much. */
  fill(leaveBytes?: number): void;
  empty(): void;
}

const CHUNK_BYTES = 1024 ** 2;

/** @throws where nothing can be mounted: a full disk that is only pretended would show nothing. */
export function createSmallDisk(megabytes: number): SmallDisk {
  const directory = createTemporaryDirectory();
  const { path } = directory;
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'doze-test', path], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    directory[Symbol.dispose]();
    const reason = error?.message ?? stderr.trim();
    throw new Error(`these tests mount small file systems, for which they have to run as root on Linux: ${reason}`);
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill(leaveBytes = 0) {
      fillUp(filler);
      if (leaveBytes > 0) giveBack(path, filler, leaveBytes);
    },
    empty: () => rmSync(filler, { force: true }),
    [Symbol.dispose]() {
      // Lazily: an agent that has given up its socket may take a moment to end.
      spawnSync('umount', ['--lazy', path]);
      directory[Symbol.dispose]();
    },
  };
}

/** Until the system says that there is no more, down to single blocks. */
function fillUp(filler: string): void {
  for (let bytes = CHUNK_BYTES; bytes >= 1; bytes /= 256) {
    while (append(filler, Buffer.alloc(bytes)));
  }
}

function append(filler: string, bytes: Buffer): boolean {
  try {
    writeFileSync(filler, bytes, { flag: 'a' });
    return true;
  } catch {
    return false;
  }
}

function giveBack(path: string, filler: string, leaveBytes: number): void {
  rmSync(filler);
  const { bavail, bsize } = statfsSync(path);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
}
