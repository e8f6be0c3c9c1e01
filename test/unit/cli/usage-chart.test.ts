import { describe, expect, it } from 'vitest';

import type { UsageActivity } from '../../../src/lib/api/client/index.ts';
import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { chartPeriod, usageChart } from '../../../src/lib/cli/views/index.ts';

const DAY_SECONDS = 86_400;
const HOUR_MS = 3_600_000;

function activity(per: UsageActivity['per'], first: string, rows: Record<string, number[]>): UsageActivity {
  const length = Math.max(0, ...Object.values(rows).map((row) => row.length));
  const begin = new Date(first);
  const starts = Array.from({ length }, (_, at) => {
    if (per === 'month') return new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + at)).toISOString();
    return new Date(begin.getTime() + at * HOUR_MS * (per === 'day' ? 24 : 1)).toISOString();
  });
  const computes = Object.entries(rows).map(([compute, activeSeconds]) => ({
    project: 'default',
    compute,
    computeId: compute,
    activeSeconds,
  }));
  return { per, starts, computes };
}

const days = activity('day', '2026-01-29T00:00:00.000Z', {
  shop: [0, 1, DAY_SECONDS / 2, DAY_SECONDS - 1, DAY_SECONDS, 0, 3600],
  'blog-of-somebody': [0, 0, 0, 0, 0, 0, DAY_SECONDS],
});

describe('a chart of when computes were awake', () => {
  it('has a bar for each day: any time is seen, and only the longest is full', () => {
    const lines = usageChart(days, { paint: PLAIN, isUnicode: true }).split('\n');
    expect(lines).toEqual([
      'awake by day (UTC); █ is 24 h, ▁ a moment',
      `${' '.repeat(26)}  Jan 2026`,
      `${' '.repeat(26)}     1`,
      'shop (default)             | ▁▄▇█ ▁| 61.0 h',
      'blog-of-somebody (default) |      █| 24.0 h',
    ]);
  });

  it('is plain where blocks cannot be shown', () => {
    const lines = usageChart(days, { paint: PLAIN, isUnicode: false }).split('\n');
    expect(lines[3]).toBe('shop (default)             | .=%# .| 61.0 h');
    expect(lines.join('')).toMatch(/^[\u0020-\u007e]*$/);
  });

  it('by hour has the hours of the days above', () => {
    const hours = activity('hour', '2026-01-31T22:00:00.000Z', {
      shop: Array.from({ length: 16 }, (_, at) => at * 225),
    });
    const lines = usageChart(hours, { paint: PLAIN, isUnicode: true }).split('\n');
    expect(lines[1]?.trimStart()).toBe('Jan 31');
    expect(lines[2]?.slice(16)).toBe('  00    06    12');
    expect(lines[3]).toBe('shop (default) | ▁▁▁▂▂▃▃▄▄▅▅▆▆▇█| 7.50 h');
  });

  it('says how long the longest was', () => {
    const months = activity('month', '2026-01-01T00:00:00.000Z', {
      shop: [31, 28, 30].map((each) => each * DAY_SECONDS),
    });
    expect(usageChart(months, { paint: PLAIN, isUnicode: true })).toMatch(/█ is 744 h(.|\n)*\|█▇▇\|/);
  });

  it('says so when nothing was awake', () => {
    const none = usageChart(activity('day', '2026-01-01T00:00:00.000Z', {}), { paint: PLAIN, isUnicode: true });
    expect(none).toBe('awake by day (UTC): nothing was');
  });

  it.each([
    [24, 80, 'hour'],
    [48, 80, 'hour'],
    [72, 80, 'day'],
    [31 * 24, 80, 'day'],
    [31 * 24, 40, 'day'],
    [90 * 24, 80, 'month'],
    [90 * 24, 130, 'day'],
    [365 * 24, null, 'month'],
  ] as const)('of %i hours in a terminal of %s columns is by %s', (hours, width, per) => {
    expect(chartPeriod(0, hours * HOUR_MS, width)).toBe(per);
  });
});
