import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** A database server installed on this machine. */
export interface ServerBinary {
  readonly path: string;
  /** As it says itself, such as `10.11.19`. */
  readonly version: string;
  /** Such as `10.11`. */
  readonly line: string;
  readonly modifiedAtMs: number;
}

/** Where packages put servers outside of most search paths: Debian, Red Hat, Homebrew on ARM and Intel, MacPorts. */
const USUAL_PLACES = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/libexec',
  '/usr/local/mysql/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
  '/opt/local/lib/mariadb/bin',
];

export interface FindServerOptions {
  readonly serverPath: string | null;
  /** PATH, as data. */
  readonly searchPath: string;
  /** Names in order of preference. */
  readonly names: readonly string[];
}

/** The first server of ours; a MySQL server under the same name is not one. Null if there is none. */
export async function findServer(options: FindServerOptions, signal: AbortSignal): Promise<ServerBinary | null> {
  for (const path of candidates(options)) {
    const binary = (await isExecutable(path)) ? await identify(path, signal) : null;
    if (binary !== null) return binary;
  }
  return null;
}

function candidates({ serverPath, searchPath, names }: FindServerOptions): readonly string[] {
  if (serverPath !== null) return [serverPath];
  const directories = [...searchPath.split(delimiter).filter((part) => part.startsWith('/')), ...USUAL_PLACES];
  return names.flatMap((name) => directories.map((directory) => join(directory, name)));
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Not there, not ours to run: either way not a candidate.
    return false;
  }
}

async function identify(path: string, signal: AbortSignal): Promise<ServerBinary | null> {
  const { execa } = await import('execa');
  const { stdout } = await execa(path, ['--no-defaults', '--version'], {
    reject: false,
    cancelSignal: signal,
    stdin: 'ignore',
  });
  const version = parseServerVersion(stdout);
  if (version === null) return null;
  return { path, ...version, modifiedAtMs: Math.round((await stat(path)).mtimeMs) };
}

/** Reads `mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)`; null if it is not MariaDB. */
export function parseServerVersion(text: string): { readonly version: string; readonly line: string } | null {
  const [, version, line] = /\s(?:Ver|from) ((\d+\.\d+)\.\d+)-MariaDB/.exec(text) ?? [];
  return version === undefined || line === undefined ? null : { version, line };
}
