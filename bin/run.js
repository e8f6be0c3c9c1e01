#!/usr/bin/env node
// Old JavaScript and no static import up to the version check, so that any Node.js gets as far as the message.
const wanted = 24;
const found = process.versions.node;

if (Number(found.split('.')[0]) < wanted) {
  process.stderr.write(
    'doze needs Node.js ' +
      wanted +
      ' or newer, and this is ' +
      found +
      ' (' +
      process.execPath +
      ').\n' +
      'Next: npx doze        in a checkout, after npm ci: it runs the pinned Node.js\n' +
      '      npm install node@' +
      wanted +
      '   beside an installed doze, then npx doze\n',
  );
  process.exit(8);
}

const { enableCompileCache } = await import('node:module');
// Compiled modules are kept between runs.
enableCompileCache();

const { start } = await import('../dist/lib/cli/start.js');
await start();
