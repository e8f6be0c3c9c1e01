import { chown, mkdir, stat } from 'node:fs/promises';

import type { VerbContext } from '../driver.ts';
import { copyData } from './copy-data.ts';
import { readInstance, writeInstance } from './instance-file.ts';
import type { Layout } from './layout.ts';
import { orNull } from './read-if-there.ts';
import type { ServerSource } from './server-source.ts';

/** Data from the template unless there is some already, then the directories around it, then the instance itself. */
export async function createInstance(layout: Layout, source: ServerSource, context: VerbContext): Promise<void> {
  if ((await orNull(stat(layout.data))) === null) {
    const template = await source.template(context);
    context.onProgress('copying the data template');
    // Others may pass through to what the server's user owns, and see nothing on the way.
    await mkdir(layout.root, { recursive: true, mode: 0o711 });
    await copyData(template, layout.data, context.signal);
  }
  await prepareRun(layout);
}

/** What a run of the server needs beside its data; makes the instance if there is none. Owned like the data. */
export async function prepareRun(layout: Layout): Promise<void> {
  const { uid, gid } = await stat(layout.data);
  const makeOwned = async (directory: string): Promise<void> => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (process.getuid?.() === 0) await chown(directory, uid, gid);
  };
  await Promise.all([
    makeOwned(layout.tmp),
    makeOwned(layout.run),
    mkdir(layout.log, { recursive: true, mode: 0o700 }),
  ]);
  if ((await readInstance(layout)) === null) await writeInstance(layout, { port: null });
}
