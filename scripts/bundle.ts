import { globSync } from 'node:fs';

import { rolldown } from 'rolldown';

/** Large, and loaded only where they are needed; oclif would load TypeScript in a checkout, which is not how it runs here. */
const LATE = ['chalk', 'conf', 'execa', 'listr2', 'mysql2', 'typescript', 'zod'];

/**
 * Joins the modules that a command of the CLI loads, in place: `doze compute list` loads a few files instead of two hundred,
 * of which half are oclif's, and starts in two thirds of the time. The agent's modules stay as they are.
 */
export async function bundleCommands(directory: string): Promise<void> {
  const entries = globSync(['lib/cli/start.js', 'commands/**/*.js'], { cwd: directory });
  const isOutside = (id: string): boolean => {
    if (id.startsWith('node:') || /[/\\]lib[/\\]agent[/\\]/.test(id)) return true;
    return LATE.some((name) => id === name || id.startsWith(`${name}/`));
  };
  const bundle = await rolldown({
    cwd: directory,
    input: Object.fromEntries(entries.map((path) => [path.replace(/\.js$/, ''), path])),
    platform: 'node',
    external: isOutside,
  });
  await bundle.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'lib/chunks/[name]-[hash].js',
    // Reading and decoding it is a part of every start; names stay, for stack traces.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  });
  await bundle.close();
}
