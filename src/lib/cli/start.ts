import { fileURLToPath } from 'node:url';

import type { Interfaces } from '@oclif/core';

import { createCommandIndex, readCommandIndex, readPackageFile, type CommandIndex } from './command-index.ts';
import { main } from './main.ts';
import { endQuietlyOnClosedPipe, flushOutput } from './pipes.ts';

export interface StartOptions {
  /** Where the commands are, when they are not those that were built. */
  readonly commands?: string;
}

/** This file lies three directories below the package's own, in `src` as in `dist`. */
const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** What `bin/run.js` and `bin/dev.js` do: one command line, then the end of the process. */
export async function start({ commands }: StartOptions = {}): Promise<never> {
  endQuietlyOnClosedPipe();
  const exitCode = await main(process.argv.slice(2), {
    readIndex: () => (commands === undefined ? Promise.resolve(readCommandIndex(root)) : indexSources(commands)),
    runCommand: async (id, argv) => {
      const config = await loadOclif(commands);
      await config.runCommand(id, [...argv]);
    },
  });
  await flushOutput();
  process.exit(exitCode);
}

async function loadOclif(commands?: string): Promise<Interfaces.Config> {
  const [{ default: config }, { default: settings }] = await Promise.all([
    import('@oclif/core/config'),
    import('@oclif/core/settings'),
  ]);
  // What runs is plain JavaScript, or Node.js strips the types; otherwise oclif looks for TypeScript when tests run.
  settings.settings.enableAutoTranspile = false;
  if (commands === undefined) return config.Config.load({ root });
  const { oclif, ...pkg } = readPackageFile(root);
  const pjson = { ...pkg, oclif: { ...oclif, commands } } as unknown as Interfaces.PJSON;
  return config.Config.load({ root, pjson, ignoreManifest: true });
}

async function indexSources(commands: string): Promise<CommandIndex> {
  const config = await loadOclif(commands);
  return createCommandIndex(readPackageFile(root), config.commands);
}
