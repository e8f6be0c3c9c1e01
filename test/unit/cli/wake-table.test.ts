import { describe, expect, it } from 'vitest';

import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { wakeTable } from '../../../src/lib/cli/views/wake-table.ts';

const WAKE = {
  at: '2026-01-01T00:00:00.000Z',
  cause: 'wake' as const,
  fromDepth: 'parked' as const,
  totalMs: 96,
  phasesMs: { queue: 0, record: 1, driver: 5, listen: 80, login: 7, query: 3 },
  serverPhasesMs: null as Record<string, number> | null,
};

function rows(clientMs: { handshake: number; login: number } | null, wake = WAKE): string[] {
  return wakeTable({ ...wake, clientMs }, null, PLAIN)
    .split('\n')
    .map((line) => line.replaceAll(/ {2,}/g, ' ').trim());
}

describe('where the time of a wake went', () => {
  it('is told phase by phase', () => {
    expect(rows(null)).toEqual([
      '2026-01-01T00:00:00Z: wake from parked in 96 ms',
      'PHASE MS SHARE',
      'queue 0.0 0%',
      'record 1.0 1%',
      'driver 5.0 5%',
      'listen 80.0 83%',
      'login 7.0 7%',
      'query 3.0 3%',
      'total 96.0 100%',
    ]);
  });

  it('has what the client waited for around it', () => {
    const told = rows({ handshake: 1, login: 3 });
    expect(told[2]).toBe('client: handshake 1.0 1%');
    expect(told.slice(-2)).toEqual(['client: login 3.0 3%', 'total 100.0 100%']);
  });

  it("has the parts of the server's own start below it, as shares of the same whole", () => {
    expect(rows(null, { ...WAKE, serverPhasesMs: { program: 24, bufferPool: 12, accounts: 48 } }).slice(-6)).toEqual([
      '',
      "SERVER'S OWN START MS SHARE",
      'program 24.0 25%',
      'bufferPool 12.0 13%',
      'accounts 48.0 50%',
      'all of it 84.0 88%',
    ]);
  });
});
