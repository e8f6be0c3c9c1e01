import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

import { replaceSection } from '../../../scripts/doc-section.ts';
import { ROOT } from './machine.ts';
import { renderTable } from './report.ts';
import type { Result } from './results.ts';

/** Puts the table between `<!-- bench -->` and `<!-- /bench -->` of the README. @throws without the markers */
export function writeReadme(results: readonly Result[]): void {
  const path = `${ROOT}/README.md`;
  writeFileSync(path, replaceSection(readFileSync(path, 'utf8'), 'bench', renderTable(results)));
  spawnSync(`${ROOT}/node_modules/.bin/prettier`, ['--write', path], { stdio: 'ignore' });
}
