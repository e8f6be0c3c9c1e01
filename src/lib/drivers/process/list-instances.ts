import { readdir, stat } from 'node:fs/promises';

import type { Clock } from '../../clock.ts';
import type { Instance } from '../driver.ts';
import { inspectInstance } from './inspect-instance.ts';
import { computesDirectory, layoutOf } from './layout.ts';
import { orNull } from './read-if-there.ts';

/** The files of so many at once: more would only wait for the disk, each with its buffers. */
const AT_A_TIME = 16;
/** Coarser than any file system's clock: a change so soon after another may not show in the time of the change. */
const SETTLED_MS = 2_000;

/** One that has ended, as it was found when its run directory was last changed. */
interface Ended {
  readonly changedNs: bigint;
  readonly instance: Instance;
}

/**
 * Lists every instance. Most are asleep, and to look into one takes a dozen files: one that has ended is read anew only
 * when something in its run directory came or went. Every launch begins and every end is put on record with that.
 */
export function createInstanceList(home: string, clock: Clock): () => Promise<readonly Instance[]> {
  let known: ReadonlyMap<string, Ended> = new Map();

  return async () => {
    const ended = new Map<string, Ended>();
    const look = async (id: string): Promise<Instance | null> => {
      const layout = layoutOf(home, id);
      const changed = await orNull(stat(layout.run, { bigint: true }));
      if (changed === null) return null;
      const before = known.get(id);
      const isAsBefore = before?.changedNs === changed.mtimeNs;
      const instance = isAsBefore ? before.instance : await inspectInstance(layout, id);
      const isSettled = isAsBefore || clock.wallMs() - Number(changed.mtimeMs) > SETTLED_MS;
      if (instance?.state === 'parked' && isSettled) ended.set(id, { changedNs: changed.mtimeNs, instance });
      return instance;
    };
    const instances = await inGroups(await listIds(home), look);
    known = ended;
    return instances.filter((instance) => instance !== null);
  };
}

export async function listData(home: string): Promise<readonly string[]> {
  const ids = await listIds(home);
  const found = await inGroups(ids, (id) => orNull(stat(layoutOf(home, id).data)));
  return ids.filter((_, index) => found[index] !== null);
}

async function inGroups<Result>(ids: readonly string[], look: (id: string) => Promise<Result>): Promise<Result[]> {
  const found: Result[] = [];
  for (let index = 0; index < ids.length; index += AT_A_TIME)
    found.push(...(await Promise.all(ids.slice(index, index + AT_A_TIME).map(look))));
  return found;
}

/** What begins with a dot is on its way out; a file that somebody left there is no compute. */
async function listIds(home: string): Promise<readonly string[]> {
  const entries = (await orNull(readdir(computesDirectory(home), { withFileTypes: true }))) ?? [];
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
}
