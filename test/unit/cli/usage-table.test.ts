import { describe, expect, it } from 'vitest';

import type { UsageReport } from '../../../src/lib/api/client/index.ts';
import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { usageTable } from '../../../src/lib/cli/views/index.ts';

const line = {
  computeId: 'c1',
  cuSeconds: 1.5,
  wakes: 2,
  first: '2026-01-01T00:00:00.000Z',
  last: '2026-01-01T00:01:00.000Z',
  storageByteHours: 0,
  bytesIn: 0,
  bytesOut: 0,
  queries: 0,
  wakeLatency: [],
};
const report: UsageReport = {
  since: '2026-01-01T00:00:00.000Z',
  until: '2026-02-01T00:00:00.000Z',
  computes: [
    { ...line, project: 'a', compute: 'shop', activeSeconds: 3.0004, frozenSeconds: 0, hibernatedSeconds: 0 },
    { ...line, project: 'b', compute: 'blog', activeSeconds: 1, frozenSeconds: 0, hibernatedSeconds: 0 },
  ],
  projects: [
    {
      ...line,
      project: 'a',
      compute: null,
      computeId: null,
      activeSeconds: 3.0004,
      frozenSeconds: 0,
      hibernatedSeconds: 0,
    },
    { ...line, project: 'b', compute: null, computeId: null, activeSeconds: 1, frozenSeconds: 0, hibernatedSeconds: 0 },
  ],
  periods: [],
  total: {
    activeSeconds: 4.0004,
    frozenSeconds: 0,
    hibernatedSeconds: 0,
    cuSeconds: 3,
    wakes: 4,
    storageByteHours: 0,
    bytesIn: 0,
    bytesOut: 0,
    queries: 0,
    wakeLatency: [],
  },
  activity: null,
};

describe('a usage report', () => {
  it('lists computes by project, a sum under each, and the total last, to the millisecond', () => {
    const lines = usageTable(report, null, PLAIN).split('\n');
    expect(lines[0]).toBe('usage from 2026-01-01T00:00:00Z to 2026-02-01T00:00:00Z');
    expect(lines.slice(2).map((text) => text.split(/\s+/).slice(0, 3))).toEqual([
      ['a', 'shop', '3.000'],
      ['a', '(all)', '3.000'],
      ['b', 'blog', '1.000'],
      ['b', '(all)', '1.000'],
      ['(all)', '(all)', '4.000'],
    ]);
  });

  it('has columns for what was used of storage and traffic, and how long wakes took', () => {
    const total = {
      ...report.total,
      storageByteHours: 1.5 * 1024 ** 3,
      bytesIn: 2048,
      bytesOut: 3 * 1024 ** 2,
      queries: 12_345,
      wakeLatency: [
        { upToMs: 100, wakes: 94 },
        { upToMs: 200, wakes: 5 },
        { upToMs: null, wakes: 1 },
      ],
    };
    const lines = usageTable({ ...report, total }, null, PLAIN).split('\n');
    expect(lines[1]).toMatch(/WAKES +WAKE P95 +QUERIES +IN +OUT +GIB H +FIRST/);
    expect(lines.at(-1)).toMatch(/ 4 +<= 200 ms +12,345 +2 KiB +3 MiB +1.500$/);
  });

  it('by project has no computes, and by time a line for each period', () => {
    const byProject = usageTable({ ...report, computes: [] }, null, PLAIN).split('\n');
    expect(byProject[1]).not.toContain('COMPUTE');
    expect(byProject.slice(2).map((text) => text.split(/\s+/).slice(0, 2))).toEqual([
      ['a', '3.000'],
      ['b', '1.000'],
      ['(all)', '4.000'],
    ]);
    const periods = [{ ...report.total, start: '2026-01-03T00:00:00.000Z' }];
    const byDay = usageTable({ ...report, computes: [], projects: [], periods }, null, PLAIN).split('\n');
    expect(byDay.slice(1).map((text) => text.split(/\s+/)[0])).toEqual(['FROM', '2026-01-03T00:00:00Z', '(all)']);
  });
});
