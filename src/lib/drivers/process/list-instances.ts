import { readdir, stat } from 'node:fs/promises';

import type { Instance } from '../driver.ts';
import { inspectInstance } from './inspect-instance.ts';
import { computesDirectory, layoutOf } from './layout.ts';
import { orNull } from './read-if-there.ts';

export async function listInstances(home: string): Promise<readonly Instance[]> {
  const ids = await listIds(home);
  const found = await Promise.all(ids.map((id) => inspectInstance(layoutOf(home, id), id)));
  return found.filter((instance) => instance !== null);
}

export async function listData(home: string): Promise<readonly string[]> {
  const ids = await listIds(home);
  const found = await Promise.all(ids.map((id) => orNull(stat(layoutOf(home, id).data))));
  return ids.filter((_, index) => found[index] !== null);
}

/** What begins with a dot is on its way out; a file that somebody left there is no compute. */
async function listIds(home: string): Promise<readonly string[]> {
  const entries = (await orNull(readdir(computesDirectory(home), { withFileTypes: true }))) ?? [];
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
}
