import { describe, expect, it } from 'vitest';

import { displayWidth, renderTable, type Column } from '../../../src/lib/cli/views/table.ts';

interface Row {
  readonly name: string;
  readonly count: number;
}

const columns: Column<Row>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'COUNT', text: ({ count }) => String(count), align: 'right', spare: 1 },
  { title: 'NOTE', text: () => 'a long note about it', spare: 2 },
];
const rows = [
  { name: 'shop', count: 7 },
  { name: 'warehouse', count: 1200 },
];

describe('a table', () => {
  it('aligns its columns and draws no boxes', () => {
    expect(renderTable(columns, rows, { width: null })).toBe(
      [
        'NAME       COUNT  NOTE',
        'shop           7  a long note about it',
        'warehouse   1200  a long note about it',
      ].join('\n'),
    );
  });

  it('leaves out what can be spared on a narrow terminal, the most spare first', () => {
    const at = (width: number): string => renderTable(columns, rows, { width }).split('\n')[0] ?? '';
    expect(at(80)).toContain('NOTE');
    expect(at(25)).toBe('NAME       COUNT');
    expect(at(10)).toBe('NAME');
  });

  it('keeps every column for a reader that is no terminal', () => {
    const wide = [{ name: 'x'.repeat(300), count: 1 }];
    expect(renderTable(columns, wide, { width: null })).toContain('a long note about it');
  });

  it('keeps a row on one line and control characters off the terminal', () => {
    const text = renderTable([columns[0]!], [{ name: 'a\nb\tc\u001b[31m', count: 0 }], { width: null });
    expect(text.split('\n')).toEqual(['NAME', 'a\\nb\\tc\\x1b[31m']);
  });

  it('paints cells without counting the paint as width', () => {
    const painted = [{ ...columns[0]!, paint: (text: string) => `\u001b[32m${text}\u001b[39m` }, columns[1]!];
    expect(renderTable(painted, rows, { width: null }).split('\n')[1]).toBe('\u001b[32mshop     \u001b[39m      7');
  });

  it('has its titles even when there are no rows', () => {
    expect(renderTable(columns, [], { width: null })).toBe('NAME  COUNT  NOTE');
  });
});

describe('the width of a text', () => {
  it('is two columns for wide characters and none for combining ones', () => {
    expect(displayWidth('abc')).toBe(3);
    expect(displayWidth('データ')).toBe(6);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('🐬')).toBe(2);
  });
});
