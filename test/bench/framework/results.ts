import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Benchmark, Measurement } from './benchmark.ts';
import type { Machine, Versions } from './machine.ts';

/** What one benchmark found, where and when. */
export interface Result extends Measurement, Pick<Benchmark, 'name' | 'what' | 'dividedBy' | 'target'> {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Versions;
}

interface ResultsFile {
  readonly results: readonly Result[];
}

export function readResults(path: string): readonly Result[] {
  if (!existsSync(path)) return [];
  return (JSON.parse(readFileSync(path, 'utf8')) as ResultsFile).results;
}

export function writeResults(path: string, results: readonly Result[]): void {
  const file: ResultsFile = { results };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(file, roundNumbers, 2)}\n`);
}

/** New ones take the place of older ones of the same name; `order` is how they stand in the file. */
export function mergeResults(
  older: readonly Result[],
  newer: readonly Result[],
  order: readonly string[],
): readonly Result[] {
  const byName = new Map([...older, ...newer].map((result) => [result.name, result]));
  return order.map((name) => byName.get(name)).filter((result) => result !== undefined);
}

/** Four significant digits are more than any measurement has, and keep the file's history readable. */
function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
