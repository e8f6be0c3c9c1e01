import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { lifecycleDiagram } from '../src/lib/domain/index.ts';
import { daysTable, describeDays } from '../test/office-hours/describe.ts';
import { compareDays } from '../test/office-hours/policies.ts';
import { replaceSection } from './doc-section.ts';

/**
 * Writes what the documents have from the code: the state diagram, a page for each topic of the command line, and the
 * simulated day of office hours. With `--check` it fails when that changed anything. Needs a build, as the commands describe themselves.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const PAGES = 'docs/commands';
const OFFICE_HOURS = 'docs/office-hours.md';

function readAll(): Map<string, string> {
  const paths = ['ARCHITECTURE.md', 'README.md', ...globSync([`${PAGES}/*.md`, OFFICE_HOURS], { cwd: root })];
  return new Map(paths.map((path) => [path, readFileSync(`${root}/${path}`, 'utf8')]));
}

function writeDiagram(): void {
  writeSection('ARCHITECTURE.md', 'lifecycle', ['```mermaid', lifecycleDiagram(), '```'].join('\n'));
}

async function writeOfficeHours(): Promise<void> {
  const comparison = await compareDays();
  writeFileSync(`${root}/${OFFICE_HOURS}`, describeDays(comparison));
  writeSection('README.md', 'office-hours', daysTable(comparison));
  run('prettier', '--write', OFFICE_HOURS, 'README.md');
}

function writeSection(document: string, name: string, content: string): void {
  const path = `${root}/${document}`;
  writeFileSync(path, replaceSection(readFileSync(path, 'utf8'), name, content));
}

function writePages(): void {
  rmSync(`${root}/${PAGES}`, { recursive: true, force: true });
  run('oclif', 'readme', '--multi', '--output-dir', PAGES, '--no-aliases', '--no-source-links');
  run('prettier', '--write', `${PAGES}/*.md`);
}

function run(bin: string, ...args: string[]): void {
  // The same width on every terminal.
  const env = { ...process.env, OCLIF_COLUMNS: '110' };
  const { status, stderr } = spawnSync(`${root}/node_modules/.bin/${bin}`, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${bin} ${args.join(' ')} failed: ${stderr}`);
}

const before = readAll();
writeDiagram();
writePages();
await writeOfficeHours();
const after = readAll();

const stale = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`${stale.join(', ')}: not what the code says; written anew, as by npm run docs\n`);
  process.exitCode = 1;
}
