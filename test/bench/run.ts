import { fileURLToPath } from 'node:url';

import build from '../support/environment/build.ts';
import setUpEnvironment from '../support/environment/setup.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { parseOptions, USAGE, type BenchOptions } from './framework/options.ts';
import { renderReport } from './framework/report.ts';
import { mergeResults, readResults, writeResults, type Result } from './framework/results.ts';
import { runBenchmarks } from './framework/run-benchmarks.ts';
import { writeReadme } from './framework/write-readme.ts';

/** `npm run bench`: measures, prints a report on stdout, and keeps the figures in bench/results.json. */
const RESULTS = fileURLToPath(new URL('../../bench/results.json', import.meta.url));
const names = BENCHMARKS.map(({ name }) => name);

function readArguments(): BenchOptions | null {
  try {
    return parseOptions(process.argv.slice(2), names);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return null;
  }
}

async function measure(options: BenchOptions): Promise<boolean> {
  build();
  await setUpEnvironment();
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interruption.abort(new Error('interrupted')));

  const chosen = BENCHMARKS.filter(({ name }) => options.names.length === 0 || options.names.includes(name));
  const results: Result[] = [];
  const progress = (message: string): void => {
    process.stderr.write(`bench: ${message}\n`);
  };
  const failures = await runBenchmarks(chosen, { options, signal: interruption.signal, progress }, (result) => {
    results.push(result);
    if (!options.isQuick) writeResults(RESULTS, mergeResults(readResults(RESULTS), [result], names));
  });
  process.stdout.write(`${renderReport(results)}\n`);
  progress(options.isQuick ? 'a quick run: nothing was written' : `written to ${RESULTS}`);
  return failures.length === 0;
}

const options = readArguments();
if (options === null) process.exitCode = 2;
else if (options.isReadme) writeReadme(readResults(RESULTS));
else process.exitCode = (await measure(options)) ? 0 : 1;
