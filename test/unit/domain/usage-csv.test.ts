import { describe, expect, it } from 'vitest';

import { usageCsv, type UsageRow } from '../../../src/lib/domain/index.ts';

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
};

describe('usage as CSV', () => {
  it('has a header and one line a row', () => {
    expect(usageCsv([row])).toBe(
      'project,compute,computeId,activeSeconds,cuSeconds,wakes,first,last,frozenSeconds,hibernatedSeconds\n' +
        'default,shop,c1,61.234,0.00025,2,2026-11-05T14:30:00.000Z,2026-11-05T14:31:01.234Z,0,0\n',
    );
  });

  it('is only the header when there is nothing', () => {
    expect(usageCsv([])).toBe(
      'project,compute,computeId,activeSeconds,cuSeconds,wakes,first,last,frozenSeconds,hibernatedSeconds\n',
    );
  });

  it('leaves empty what is null', () => {
    const sum = { ...row, compute: null, computeId: null, first: null, last: null };
    expect(usageCsv([sum]).split('\n')[1]).toBe('default,,,61.234,0.00025,2,,,0,0');
  });

  it('quotes what would break a line', () => {
    const odd = { ...row, project: 'a,b', compute: 'say "hi"', computeId: 'line\nbreak' };
    expect(usageCsv([odd])).toContain('\n"a,b","say ""hi""","line\nbreak",61.234,');
  });
});
