import { readFileSync } from 'node:fs';

/** Everything help and dispatch need of a command; the shape of `oclif.manifest.json` and of oclif's loadables. */
export interface CommandEntry {
  /** `compute:start` */
  readonly id: string;
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  readonly hidden?: boolean | undefined;
  readonly examples?: readonly (string | { readonly description: string; readonly command: string })[] | undefined;
  readonly args: Readonly<Record<string, ArgEntry>>;
  readonly flags: Readonly<Record<string, FlagEntry>>;
}

export interface ArgEntry {
  readonly name: string;
  readonly description?: string | undefined;
  readonly required?: boolean | undefined;
}

export interface FlagEntry {
  readonly name: string;
  readonly type: 'boolean' | 'option';
  readonly char?: string | undefined;
  readonly description?: string | undefined;
  readonly helpGroup?: string | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
  readonly options?: readonly string[] | undefined;
  readonly default?: unknown;
  readonly hidden?: boolean | undefined;
  readonly required?: boolean | undefined;
}

export interface CommandIndex {
  readonly version: string;
  readonly description: string;
  readonly topics: Readonly<Record<string, { readonly description?: string }>>;
  /** By id, sorted. */
  readonly commands: readonly CommandEntry[];
}

interface PackageFile {
  readonly version: string;
  readonly description: string;
  readonly oclif: { readonly topics?: CommandIndex['topics'] };
}

/** Reads what the build wrote, so that help and mistakes cost neither oclif nor the commands. */
export function readCommandIndex(root: string): CommandIndex {
  const manifest = readJson(`${root}/oclif.manifest.json`) as { commands: Readonly<Record<string, CommandEntry>> };
  return createCommandIndex(readPackageFile(root), Object.values(manifest.commands));
}

function readPackageFile(root: string): PackageFile {
  return readJson(`${root}/package.json`) as PackageFile;
}

export function createCommandIndex(pkg: PackageFile, commands: readonly CommandEntry[]): CommandIndex {
  return {
    version: pkg.version,
    description: pkg.description,
    topics: pkg.oclif.topics ?? {},
    commands: commands.filter(({ hidden }) => hidden !== true).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
