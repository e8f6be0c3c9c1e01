import { parseArgs } from 'node:util';

export type BenchDriver = 'docker' | 'process';

export interface BenchOptions {
  /** Empty means all. */
  readonly names: readonly string[];
  /** Few samples, and nothing is written: to see whether a benchmark works. */
  readonly isQuick: boolean;
  /** Rounds instead of the benchmark's own number. */
  readonly rounds: number | null;
  /** Computes at once in `storm`. */
  readonly computes: number | null;
  /** Clients at once in `storm`. */
  readonly clients: number | null;
  readonly drivers: readonly BenchDriver[];
  /** Measure nothing: put the table of the last results into the README. */
  readonly isReadme: boolean;
}

export const USAGE = `npm run bench -- [NAME ...] [--quick] [--rounds N] [--driver docker|process] [--computes N] [--clients N]
npm run bench -- --readme`;

/** @throws naming what was not understood */
export function parseOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      computes: { type: 'string' },
      clients: { type: 'string' },
      driver: { type: 'string', multiple: true },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no benchmark "${unknown.join('", "')}"; there are ${known.join(', ')}`);
  return {
    names: positionals,
    isQuick: values.quick,
    rounds: readCount('rounds', values.rounds),
    computes: readCount('computes', values.computes),
    clients: readCount('clients', values.clients),
    drivers: values.driver?.map(readDriver) ?? ['docker', 'process'],
    isReadme: values.readme,
  };
}

function readCount(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`--${name} takes a whole number above 0, not "${text}"`);
}

function readDriver(text: string): BenchDriver {
  if (text === 'docker' || text === 'process') return text;
  throw new Error(`--driver takes docker or process, not "${text}"`);
}

/** How many rounds: as asked for, else few in a quick run, else the benchmark's own number. */
export function roundsOf(options: Pick<BenchOptions, 'isQuick' | 'rounds'>, usual: number): number {
  return options.rounds ?? (options.isQuick ? Math.min(3, usual) : usual);
}
