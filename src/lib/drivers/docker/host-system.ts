import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { HostSystem } from './debian-sources.ts';

/** Reads what there is; a host that is not Debian simply has none of it. */
export async function readHostSystem(root = '/'): Promise<HostSystem> {
  const sourcesDirectory = join(root, 'etc/apt/sources.list.d');
  const names = (await readdir(sourcesDirectory).catch(() => [])).sort();
  const paths = [
    join(root, 'etc/apt/sources.list'),
    ...names.filter((name) => /\.(list|sources)$/.test(name)).map((name) => join(sourcesDirectory, name)),
  ];
  const [osRelease, ...aptSources] = await Promise.all([join(root, 'etc/os-release'), ...paths].map(readText));
  return { osRelease: osRelease ?? '', aptSources };
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
