import { rename, writeFile } from 'node:fs/promises';

import type { Layout } from './layout.ts';
import { readIfThere } from './read-if-there.ts';

/** What an instance keeps between two runs of its server. */
export interface InstanceRecord {
  /** Where the server listens, or listened last; null before its first start. */
  readonly port: number | null;
}

/** Null if there is no instance. A file cut short by a power cut counts as one that never ran. */
export async function readInstance(layout: Layout): Promise<InstanceRecord | null> {
  const text = await readIfThere(layout.instanceFile);
  if (text === null) return null;
  const [, port] = /"port":(\d+)/.exec(text) ?? [];
  return { port: port === undefined ? null : Number(port) };
}

export async function writeInstance(layout: Layout, record: InstanceRecord): Promise<void> {
  const fresh = `${layout.instanceFile}.new`;
  await writeFile(fresh, `${JSON.stringify(record)}\n`);
  await rename(fresh, layout.instanceFile);
}
