#!/usr/bin/env node
// Runs the TypeScript sources as they are: Node.js 24 strips the types. For work on doze itself.
import { start } from '../src/lib/cli/start.ts';

await start({ commands: './src/commands' });
