#!/usr/bin/env node
// Runs the TypeScript sources as they are: Node.js 24 strips the types. For work on doze itself.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import core from '@oclif/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const pjson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
pjson.oclif = { ...pjson.oclif, commands: './src/commands' };
for (const [name, file] of Object.entries(pjson.oclif.hooks ?? {}))
  pjson.oclif.hooks[name] = file.replace('./dist/', './src/').replace(/\.js$/, '.ts');

core.settings.debug = true;
core.settings.enableAutoTranspile = false;
try {
  await core.run(process.argv.slice(2), { root, pjson, ignoreManifest: true });
  await core.flush();
} catch (error) {
  await core.handle(error);
}
