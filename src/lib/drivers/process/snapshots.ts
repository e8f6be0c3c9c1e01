import { rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { systemCode } from '../../errors/index.ts';
import type { SnapshotData, SnapshotRef } from '../driver.ts';
import { copiedFile, snapshotDirectory, snapshotsDirectory } from './layout.ts';
import { listIfThere, orNull } from './read-if-there.ts';

const DOOMED = '.deleting-';

export async function listSnapshots(home: string): Promise<readonly SnapshotData[]> {
  const found: SnapshotData[] = [];
  for (const computeId of await listIfThere(snapshotsDirectory(home))) {
    for (const name of await listIfThere(join(snapshotsDirectory(home), computeId))) {
      // What begins with a dot is on its way out.
      const snapshotId = name.startsWith(DOOMED) ? name.slice(DOOMED.length) : name;
      const root = snapshotDirectory(home, computeId, name);
      const isComplete = snapshotId === name && (await orNull(stat(copiedFile(root)))) !== null;
      found.push({ computeId, snapshotId, isComplete });
    }
  }
  return found;
}

/** Out of sight in one step, then deleted, which may take a while and may be cut short. */
export async function removeSnapshot(home: string, { computeId, snapshotId }: SnapshotRef): Promise<void> {
  const root = snapshotDirectory(home, computeId, snapshotId);
  const doomed = join(dirname(root), `${DOOMED}${basename(root)}`);
  await rm(doomed, { recursive: true, force: true });
  await orNull(rename(root, doomed));
  await rm(doomed, { recursive: true, force: true });
  await removeIfEmpty(dirname(root));
}

async function removeIfEmpty(directory: string): Promise<void> {
  try {
    await rmdir(directory);
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}
