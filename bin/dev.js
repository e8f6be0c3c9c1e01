#!/usr/bin/env node
// Runs the TypeScript sources as they are: Node.js 24 strips the types. For work on doze itself; help and the names
// of commands come from the manifest that the last build wrote.
import { start } from '../src/lib/cli/start.ts';

await start();
