import { describe, expect, it } from 'vitest';

import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { sessionSentence, sessionTable, sessionText } from '../../../src/lib/cli/views/session-table.ts';
import { SESSION } from '../api/fake-services.ts';

const nowMs = Date.UTC(2026, 0, 1, 0, 4, 0, 600);

function rows(width: number | null): string[] {
  const idle = { ...SESSION, id: 2 ** 30 + 1, state: 'idle' as const, keepsCompute: false, why: null };
  return sessionTable([SESSION, idle], { nowMs, width, paint: PLAIN })
    .split('\n')
    .map((line) => line.replaceAll(/ {2,}/g, ' ').trim());
}

describe('the table of sessions', () => {
  it('has what is to be typed, whose it is, since when and why', () => {
    expect(rows(null)).toEqual([
      'ID COMPUTE CLIENT USER STATE FOR LAST COMMAND WHY',
      '1073741824 shop 10.0.0.7:4711 app transaction 4 min 3 min 30 s ago has an open transaction',
      '1073741825 shop 10.0.0.7:4711 app idle 4 min 3 min 30 s ago',
    ]);
  });

  it('leaves out what can be spared on a narrow terminal, never the id or the reason', () => {
    expect(rows(60)[0]).toBe('ID COMPUTE STATE FOR WHY');
  });

  it('says how many there are besides, and how to see them', () => {
    expect(sessionSentence(0, 0, 'shop')).toBe('0 sessions keep shop awake or from going deeper');
    expect(sessionSentence(1, 1, 'shop')).toBe(
      '1 session keeps shop awake or from going deeper; 1 other does not: doze session list --all',
    );
    expect(sessionSentence(2, 1200, 'a compute')).toBe(
      '2 sessions keep a compute awake or from going deeper; 1,200 others do not: doze session list --all',
    );
  });

  it('tells of one that was ended what it was', () => {
    expect(sessionText(SESSION)).toBe(
      'session 1073741824 of shop ended: app from 10.0.0.7:4711, which has an open transaction',
    );
  });
});
