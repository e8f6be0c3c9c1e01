import { fileURLToPath } from 'node:url';

import type { CommandClass } from './base-command.ts';
import { readCommandIndex } from './command-index.ts';
import { main } from './main.ts';
import { createOclifConfig } from './oclif-config.ts';
import { endQuietlyOnClosedPipe, flushOutput } from './pipes.ts';

/** This file lies three directories below the package's own, in `src` as in `dist`. */
const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** What `bin/run.js` and `bin/dev.js` do: one command line, then the end of the process. */
export async function start(): Promise<never> {
  endQuietlyOnClosedPipe();
  const exitCode = await main(process.argv.slice(2), {
    readIndex: () => readCommandIndex(root),
    runCommand: async (id, argv, index) => {
      const file = `../../commands/${id.replaceAll(':', '/')}.${extension}`;
      const { default: command } = (await import(file)) as { readonly default: CommandClass };
      command.id = id;
      await command.execute(argv, createOclifConfig(root, index));
    },
  });
  await flushOutput();
  process.exit(exitCode);
}
