import { describe, expect, it } from 'vitest';

import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { leaseLeft, leaseText } from '../../../src/lib/cli/views/lease-text.ts';
import { computeTable } from '../../../src/lib/cli/views/index.ts';
import { VIEW } from '../api/fake-services.ts';

const nowMs = Date.parse('2026-11-25T22:00:00.000Z');
const lasting = { leaseExpiresAt: null, storage: null };
const ends = (leaseExpiresAt: string) => ({ leaseExpiresAt, storage: null });

describe('when an ephemeral compute ends', () => {
  it('is told with the time that is left', () => {
    expect(leaseText(ends('2026-11-25T22:58:00.500Z'), nowMs)).toBe(
      'ephemeral: destroyed with its data at 2026-11-25T22:58:00Z, in 58 min 1 s',
    );
    const storage = { pageServer: 'ps', safekeepers: 'sk' };
    expect(leaseText({ ...ends('2026-11-25T23:00:00.000Z'), storage }, nowMs)).toContain('ephemeral: destroyed at');
    expect(leaseLeft(ends('2026-11-25T21:59:59.000Z'), nowMs)).toBe('over');
  });

  it('is nothing for one that lasts', () => {
    expect(leaseText(lasting, nowMs)).toBeNull();
    expect(leaseLeft(lasting, nowMs)).toBe('');
  });

  it('is the last column of the list: always for scripts, on a terminal where any ends', () => {
    const options = { nowMs, paint: PLAIN, hasProjects: false, hasDestroyed: false };
    const ephemeral = { ...VIEW, ephemeral: true, leaseExpiresAt: '2026-11-25T22:30:00.000Z' };
    expect(computeTable([VIEW], { ...options, width: 200 })).not.toContain('ENDS');
    expect(computeTable([VIEW], { ...options, width: null })).toMatch(/ENDS\n/);
    expect(computeTable([VIEW, ephemeral], { ...options, width: 200 })).toMatch(/ENDS\n.*\n.*in 30 min$/);
  });
});
