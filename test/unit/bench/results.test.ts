import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { total } from '../../bench/framework/alternate.ts';
import { breakDown, compare } from '../../bench/framework/comparison.ts';
import { renderReport, renderTable } from '../../bench/framework/report.ts';
import { mergeResults, readResults, writeResults, type Result } from '../../bench/framework/results.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

function result(name: string, facts: readonly string[] = []): Result {
  return {
    name,
    what: 'a wake',
    dividedBy: 'a bare start',
    target: 'p50 <= 1.5',
    date: '2026-01-02T03:04:05.000Z',
    machine: { cpu: 'Some CPU', cores: 2, memoryBytes: 24 * 1024 ** 3, kernel: 'Linux 6.1' },
    versions: { doze: '0.1.0 (abc)', node: '24.21.0', mariadb: '10.11.19', docker: null },
    comparisons: [
      compare({
        label: 'docker',
        unit: 'ms',
        measured: { name: 'wake', samples: [160, 170, 180].map(total) },
        baseline: { name: 'bare start', samples: [100, 100, 100].map(total) },
        goals: [
          { of: 'ratio', at: 'median', is: 'atMost', limit: 1.5 },
          { of: 'ratio', at: 'p99', is: 'atMost', limit: 2.5 },
        ],
      }),
    ],
    breakdowns: [breakDown('wake', 'ms', [{ total: 3, parts: { queue: 0.25 } }])],
    facts,
  };
}

describe('the table', () => {
  it('says where and when, and has a row for each comparison with its target and whether it was met', () => {
    const table = renderTable([result('wake-parked')]);
    expect(table).toContain(
      '2026-01-02: Some CPU, 2 cores, 24 GiB, Linux 6.1; doze 0.1.0 (abc), Node.js 24.21.0, MariaDB 10.11.19.',
    );
    expect(table).toContain(
      '| wake-parked | docker | 3 | 170 / 180 / 180 ms | bare start: 100 / 100 / 100 ms | 1.70 / 1.80 |' +
        ' p50 <= 1.5, p99 <= 2.5 | no, yes |',
    );
  });

  it('says the same machine only once', () => {
    const table = renderTable([result('a'), result('b')]);
    expect(table.match(/Some CPU/g)).toHaveLength(1);
  });
});

describe('the report', () => {
  it('adds where the time went, and the facts', () => {
    const report = renderReport([result('storm', ['one start'])]);
    expect(report).toContain('- one start');
    expect(report).toContain('| queue | 0.25 | 0.25 | 0.25 | 0.25 |');
  });
});

describe('the results file', () => {
  it('keeps what was not measured again, in the order of the benchmarks', () => {
    const merged = mergeResults([result('b', ['old']), result('a')], [result('b', ['new'])], ['a', 'b', 'c']);
    expect(merged.map(({ name, facts }) => [name, facts])).toEqual([
      ['a', []],
      ['b', ['new']],
    ]);
  });

  it('is read back as it was written, figures to four digits', () => {
    using directory = createTemporaryDirectory();
    const path = join(directory.path, 'bench', 'results.json');
    expect(readResults(path)).toEqual([]);
    const written = result('a');
    writeResults(path, [written]);
    expect(readResults(path)).toEqual([written]);
    writeResults(path, [
      {
        ...written,
        comparisons: [{ ...written.comparisons[0]!, goals: [] }],
        breakdowns: [breakDown('', 'ms', [{ total: 1, parts: { x: 1.23456 } }])],
      },
    ]);
    expect(readResults(path)[0]!.breakdowns[0]!.parts['x']!.median).toBe(1.235);
    expect(readFileSync(path, 'utf8')).toMatch(/\}\n$/);
  });
});
