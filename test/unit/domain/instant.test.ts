import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseInstant, parseWindow } from '../../../src/lib/domain/index.ts';

const NOW = Date.UTC(2026, 10, 22, 15, 30);

describe('instants', () => {
  it.each([
    ['now', '2026-11-22T15:30:00.000Z'],
    ['24h', '2026-11-21T15:30:00.000Z'],
    ['1h30m', '2026-11-22T14:00:00.000Z'],
    ['2026-11', '2026-11-01T00:00:00.000Z'],
    ['2026-11-05', '2026-11-05T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-11-05T14:30', '2026-11-05T14:30:00.000Z'],
    ['2026-11-05 14:30:15', '2026-11-05T14:30:15.000Z'],
    ['2026-11-05T14:30:15.5Z', '2026-11-05T14:30:15.500Z'],
    ['2026-11-05T14:30+02:00', '2026-11-05T12:30:00.000Z'],
    ['2026-11-05T14:30-05:30', '2026-11-05T20:00:00.000Z'],
    [' 2026-11 ', '2026-11-01T00:00:00.000Z'],
  ])('reads "%s" as %s', (text, iso) => {
    expect(new Date(parseInstant(text, NOW)).toISOString()).toBe(iso);
  });

  it.each([
    '',
    '2026',
    '90',
    '-24h',
    'yesterday',
    '2026-13',
    '2026-00',
    '2026-02-30',
    '2026-11-05T24:00',
    '2026-11-05T14',
    '2026-11-05T14:60',
    '2026-11-05T14:30:61',
    '2026-11-05T14:30+25:00',
    '05.11.2026',
    '11/05/2026',
    '0026-01-01',
    '99999999999999d',
    '24h!',
  ])('refuses "%s"', (text) => {
    expect(() => parseInstant(text, NOW)).toThrow(expect.objectContaining({ code: 'TIME_INVALID' }));
  });

  it('reads what a Date writes', () => {
    const dates = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseInstant(date.toISOString(), NOW)).toBe(date.getTime());
      }),
    );
  });
});

describe('the window of a report', () => {
  it('is the current month until now when nothing is asked', () => {
    expect(parseWindow({}, NOW)).toEqual({ sinceMs: Date.UTC(2026, 10, 1), untilMs: NOW });
  });

  it('is what was asked', () => {
    expect(parseWindow({ since: '2026-10', until: '2026-11' }, NOW)).toEqual({
      sinceMs: Date.UTC(2026, 9, 1),
      untilMs: Date.UTC(2026, 10, 1),
    });
  });

  it.each([
    [{ since: '1h', until: '2h' }, 'give a --since that is earlier than --until'],
    [{ until: '2026-10-15' }, 'give --since too'],
  ])('cannot end before it begins: %j', (asked, hint) => {
    expect(() => parseWindow(asked, NOW)).toThrow(expect.objectContaining({ code: 'TIME_INVALID', hint }));
  });
});
