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
  total: { activeSeconds: 4.0004, frozenSeconds: 0, hibernatedSeconds: 0, cuSeconds: 3, wakes: 4 },
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
});
