import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { BENCHMARKS } from '../../bench/benchmarks.ts';

describe('the benchmarks', () => {
  it.each(BENCHMARKS.map(({ name }) => name))('have a file named after them: %s', (name) => {
    expect(existsSync(fileURLToPath(new URL(`../../bench/${name}.ts`, import.meta.url)))).toBe(true);
  });

  it('have names of their own', () => {
    const names = BENCHMARKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
