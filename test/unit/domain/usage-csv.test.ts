import { describe, expect, it } from 'vitest';

import { periodsCsv, usageCsv, type UsageRow } from '../../../src/lib/domain/index.ts';

const HEADER =
  'project,compute,computeId,activeSeconds,cuSeconds,wakes,first,last,frozenSeconds,hibernatedSeconds,' +
  'storageByteHours,bytesIn,bytesOut,queries,wakesUpTo50Ms,wakesUpTo100Ms,wakesUpTo200Ms,wakesUpTo500Ms,' +
  'wakesUpTo1000Ms,wakesUpTo2000Ms,wakesUpTo5000Ms,wakesUpTo10000Ms,wakesLonger\n';

const row: UsageRow = {
  project: 'default',
  compute: 'shop',
  computeId: 'c1',
  activeSeconds: 61.234,
  frozenSeconds: 0,
  hibernatedSeconds: 0,
  cuSeconds: 0.00025,
  wakes: 2,
  first: '2026-11-05T14:30:00.000Z',
  last: '2026-11-05T14:31:01.234Z',
  storageByteHours: 4096,
  bytesIn: 10,
  bytesOut: 200,
  queries: 3,
  wakeLatency: [
    { upToMs: 200, wakes: 1 },
    { upToMs: null, wakes: 1 },
  ],
};

describe('usage as CSV', () => {
  it('has a header and one line a row', () => {
    expect(usageCsv([row])).toBe(
      `${HEADER}default,shop,c1,61.234,0.00025,2,2026-11-05T14:30:00.000Z,2026-11-05T14:31:01.234Z,0,0,4096,10,200,3,0,0,1,0,0,0,0,0,1\n`,
    );
  });

  it('is only the header when there is nothing', () => {
    expect(usageCsv([])).toBe(HEADER);
  });

  it('leaves empty what is null', () => {
    const sum = { ...row, compute: null, computeId: null, first: null, last: null };
    expect(usageCsv([sum]).split('\n')[1]).toMatch(/^default,,,61.234,0.00025,2,,,0,0,4096,/);
  });

  it('quotes what would break a line', () => {
    const odd = { ...row, project: 'a,b', compute: 'say "hi"', computeId: 'line\nbreak' };
    expect(usageCsv([odd])).toContain('\n"a,b","say ""hi""","line\nbreak",61.234,');
  });

  it('by time has the begin of each period in place of who it was', () => {
    const lines = periodsCsv([{ ...row, start: '2026-11-05T00:00:00.000Z' }]).split('\n');
    expect(lines[0]).toMatch(/^start,activeSeconds,cuSeconds,wakes,frozenSeconds,hibernatedSeconds,storageByteHours,/);
    expect(lines[1]).toBe('2026-11-05T00:00:00.000Z,61.234,0.00025,2,0,0,4096,10,200,3,0,0,1,0,0,0,0,0,1');
  });
});
