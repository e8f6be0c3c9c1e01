import { watch } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

import type { StartListener } from '../driver.ts';

const CHUNK_BYTES = 16 * 1024;

/**
 * Hears what is appended to a server's log from `offset` on, told by the kernel of each write. Never rejects: where files
 * cannot be watched, nothing is heard.
 */
export async function hearLog(path: string, offset: number, listener: StartListener): Promise<void> {
  const { signal } = listener;
  try {
    await using log = await open(path, 'r');
    const reader = createReader(log, offset, listener);
    const ended = Promise.withResolvers<void>();
    const watcher = watch(path, { persistent: false, signal }, reader.read);
    watcher.once('error', ended.reject);
    watcher.once('close', ended.resolve);
    // What was written before the watch began.
    reader.read();
    await ended.promise;
    await reader.idle();
  } catch {
    // Its figures are lost, and nothing else.
  }
}

function createReader(log: FileHandle, offset: number, listener: StartListener) {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let rest = '';
  let underWay: Promise<void> | null = null;
  let isWanted = false;

  const readAll = async (): Promise<void> => {
    while (isWanted && !listener.signal.aborted) {
      isWanted = false;
      const { bytesRead } = await log.read(buffer, 0, CHUNK_BYTES, offset);
      if (bytesRead === 0) continue;
      offset += bytesRead;
      isWanted = true;
      const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) listener.onLine(line);
    }
  };
  return {
    read: (): void => {
      isWanted = true;
      underWay ??= readAll()
        .catch(() => undefined)
        .finally(() => {
          underWay = null;
        });
    },
    idle: async (): Promise<void> => {
      await underWay;
    },
  };
}
