import { stat } from 'node:fs/promises';

import type { Instance } from '../driver.ts';
import { inspectInstance } from './inspect-instance.ts';
import { computesDirectory, layoutOf } from './layout.ts';
import { listIfThere, orNull } from './read-if-there.ts';

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

/** What begins with a dot is on its way out. */
async function listIds(home: string): Promise<readonly string[]> {
  return (await listIfThere(computesDirectory(home))).filter((name) => !name.startsWith('.'));
}
