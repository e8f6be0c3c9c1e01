import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import config from '../../dependency-cruiser.config.ts';

/**
 * The canary: a tree that breaks every rule once. A checker that has gone blind (it exits 0 when it cannot read
 * TypeScript) would pass the real tree too, so each rule has to report its plant.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const ruleNames = config.forbidden.map((rule) => rule.name ?? 'a rule without a name');

interface Plant {
  readonly path: string;
  readonly source: string;
}

const PLANTS: Readonly<Record<string, Plant>> = {
  'dockerode-has-one-owner': { path: 'src/lib/control/a.ts', source: "import 'dockerode';" },
  'sqlite-has-one-owner': { path: 'src/lib/control/b.ts', source: "import 'node:sqlite';" },
  'fastify-has-one-owner': { path: 'src/lib/agent/c.ts', source: "import 'fastify';" },
  'prom-client-has-one-owner': { path: 'src/lib/metering/p.ts', source: "import 'prom-client';" },
  'pino-has-one-owner': { path: 'src/lib/control/d.ts', source: "import 'pino';" },
  'mysql2-has-one-owner': { path: 'src/lib/gateway/e.ts', source: "import 'mysql2';" },
  'oclif-has-one-owner': { path: 'src/lib/agent/f.ts', source: "import '@oclif/core';" },
  'terminal-has-one-owner': { path: 'src/lib/agent/g.ts', source: "import 'chalk';" },
  'conf-has-one-owner': { path: 'src/lib/agent/h.ts', source: "import 'conf';" },
  'execa-has-one-owner': { path: 'src/lib/agent/i.ts', source: "import 'execa';" },
  'known-rooms-only': { path: 'src/lib/attic/j.ts', source: "import '../errors/index.ts';" },
  'doors-only': { path: 'src/lib/gateway/k.ts', source: "import '../control/inner.ts';" },
  'drivers-are-peers': { path: 'src/lib/drivers/docker/l.ts', source: "import '../process/index.ts';" },
  'commands-are-thin': { path: 'src/commands/m.ts', source: "import '../lib/store/index.ts';" },
  'thin-side-of-the-api': { path: 'src/commands/n.ts', source: "import '../lib/api/index.ts';" },
  'client-half-of-the-api': { path: 'src/lib/api/client/o.ts', source: "import '../server/index.ts';" },
  'table-of-the-api': { path: 'src/lib/api/routes/t.ts', source: "import '../server/index.ts';" },
  'agent-is-loaded-late': { path: 'src/commands/agent/run.ts', source: "import '../../lib/agent/index.ts';" },
  'sql-is-loaded-late': {
    path: 'src/commands/p.ts',
    source: "import { connect } from '../lib/sql/index.ts';\nconnect();",
  },
  'no-cycles': { path: 'src/lib/domain/q.ts', source: "import './q.ts';" },
  'production-dependencies-only': { path: 'src/lib/domain/r.ts', source: "import 'vitest';" },
  resolvable: { path: 'src/lib/domain/s.ts', source: "import './gone.ts';" },
};

function plantFor(rule: string): Plant | undefined {
  const room = /^(?<room>.*)-imports-downwards$/.exec(rule)?.groups?.['room'];
  if (room === undefined) return PLANTS[rule];
  const higher = room === 'agent' ? 'cli' : 'agent';
  return { path: `src/lib/${room}/upwards.ts`, source: `import type {} from '../${higher}/index.ts';` };
}

let tree = '';
let reported: ReadonlySet<string> = new Set();

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'doze-import-rules-'));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  plant({ path: 'tsconfig.json', source: '{}' });
  plant({ path: 'package.json', source: '{"name":"canary","devDependencies":{"vitest":"*"}}' });
  for (const door of ['agent', 'cli', 'store', 'api', 'api/server', 'sql', 'errors', 'drivers/process'])
    plant({ path: `src/lib/${door}/index.ts`, source: 'export function connect(): void {}' });
  plant({ path: 'src/lib/control/inner.ts', source: 'export {};' });
  for (const rule of ruleNames) {
    const planted = plantFor(rule);
    if (planted !== undefined) plant(planted);
  }
  reported = violatedRules();
}, 60_000);

afterAll(() => {
  rmSync(tree, { recursive: true, force: true });
});

function plant({ path, source }: Plant): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), `${source}\n`);
}

function violatedRules(): Set<string> {
  const args = ['--config', join(root, 'dependency-cruiser.config.ts'), '--output-type', 'json', 'src'];
  const output = execFileSync(join(root, 'node_modules/.bin/depcruise'), args, { cwd: tree, maxBuffer: 64 << 20 });
  const { summary } = JSON.parse(output.toString());
  return new Set(summary.violations.map((violation: { rule: { name: string } }) => violation.rule.name));
}

describe('the import rules', () => {
  it.each(ruleNames)('report a planted violation of %s', (rule) => {
    expect(plantFor(rule), `plant a violation of ${rule} in PLANTS`).toBeDefined();
    expect(reported).toContain(rule);
  });
});
