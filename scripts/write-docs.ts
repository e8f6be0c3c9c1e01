import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { lifecycleDiagram } from '../src/lib/domain/index.ts';
import { replaceSection } from './doc-section.ts';

/**
 * Writes what the documents have from the code: the state diagram, and the README's list of commands. With `--check`
 * it fails when that changed anything. Needs a build, as the commands describe themselves.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENTS = ['ARCHITECTURE.md', 'README.md'];

function read(name: string): string {
  return existsSync(`${root}/${name}`) ? readFileSync(`${root}/${name}`, 'utf8') : '';
}

function run(bin: string, ...args: string[]): void {
  const { status } = spawnSync(`${root}/node_modules/.bin/${bin}`, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`${bin} ${args.join(' ')} failed`);
}

const before = DOCUMENTS.map(read);
const diagram = ['```mermaid', lifecycleDiagram(), '```'].join('\n');
writeFileSync(`${root}/ARCHITECTURE.md`, replaceSection(read('ARCHITECTURE.md'), 'lifecycle', diagram));
run('oclif', 'readme', '--no-aliases', '--no-source-links');
run('prettier', '--write', ...DOCUMENTS);

const stale = DOCUMENTS.filter((name, index) => read(name) !== before[index]);
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`${stale.join(', ')} did not show what the code says; written anew by npm run docs\n`);
  process.exitCode = 1;
}
