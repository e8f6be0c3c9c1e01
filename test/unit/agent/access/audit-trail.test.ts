import { describe, expect, it } from 'vitest';

import { keepAuditTrail } from '../../../../src/lib/agent/access/audit-trail.ts';
import type { AuditEntry } from '../../../../src/lib/domain/index.ts';
import { DozeError } from '../../../../src/lib/errors/index.ts';
import { createSilentLogger } from '../../../../src/lib/logger.ts';
import { createStore } from '../../../../src/lib/store/index.ts';
import { createSimulatedClock } from '../../../support/simulated-clock.ts';

const DAY_MS = 86_400_000;

function setUp() {
  const store = createStore({ path: ':memory:' });
  const clock = createSimulatedClock();
  const trail = keepAuditTrail({ records: store, clock, logger: createSilentLogger() }, 90 * DAY_MS);
  const entry = (changes: Partial<AuditEntry> = {}): AuditEntry => ({
    atMs: clock.wallMs(),
    who: 'ci',
    tokenId: 't1',
    from: '10.0.0.1',
    method: 'POST',
    route: '/v1/computes/:project/:name/start',
    target: 'shop/orders',
    project: 'shop',
    status: null,
    code: null,
    count: 1,
    ...changes,
  });
  const list = (filter = {}) => store.listAudit({ limit: 1000, ...filter });
  return { store, clock, trail, entry, list };
}

describe('the audit trail', () => {
  it('has a change before it is done, and its end after', () => {
    const { trail, entry, list } = setUp();
    const seq = trail.begin(entry(), false);
    expect(list()).toEqual([{ ...entry(), seq: 1 }]);
    trail.finish(seq ?? 0, { status: 409, code: 'STATE_CONFLICT', target: null });
    expect(list()).toEqual([{ ...entry(), seq: 1, status: 409, code: 'STATE_CONFLICT' }]);
    const second = trail.begin(entry({ target: '' }), false);
    trail.finish(second ?? 0, { status: 201, code: null, target: 'ci (t2)' });
    expect(list()).toMatchObject([{}, { target: 'ci (t2)', status: 201 }]);
  });

  it('is narrowed to a project, a token, what failed, and what comes', () => {
    const { trail, entry, list } = setUp();
    trail.begin(entry(), false);
    trail.begin(entry({ project: 'other', tokenId: 't2' }), false);
    trail.finish(2, { status: 500, code: 'INTERNAL', target: null });
    trail.begin(entry(), false);
    const seqs = (filter: object) => list(filter).map(({ seq }) => seq);
    expect(seqs({ project: 'shop' })).toEqual([1, 3]);
    expect(seqs({ tokenId: 't2' })).toEqual([2]);
    expect(seqs({ isFailed: true })).toEqual([2]);
    expect(seqs({ afterSeq: 1 })).toEqual([2, 3]);
    expect(seqs({ limit: 2 })).toEqual([2, 3]);
    expect(seqs({ afterSeq: 0, limit: 2 })).toEqual([1, 2]);
  });

  it('counts refusals that are alike within a second, and a flood of all kinds as many of one', async () => {
    const { trail, clock, entry, list } = setUp();
    for (let i = 0; i < 1000; i++) trail.refused(entry({ status: 403, code: 'NOT_ALLOWED' }));
    expect(list()).toEqual([]);
    await clock.advance(1000);
    expect(list()).toMatchObject([{ code: 'NOT_ALLOWED', count: 1000 }]);
    for (let i = 0; i < 10_000; i++)
      trail.refused(entry({ status: 401, code: 'TOKEN_REFUSED', from: `10.0.${i >> 8}.${i & 255}` }));
    await clock.advance(1000);
    expect(list().length).toBeLessThanOrEqual(102);
    expect(list().reduce((sum, { count }) => sum + count, 0)).toBe(11_000);
    expect(list().at(-1)).toMatchObject({ who: 'many', from: 'many addresses' });
  });

  it('writes no more than a few hundred refusals a minute, and counts the others for the next one', async () => {
    const { trail, clock, entry, list } = setUp();
    for (let second = 0; second < 10; second++) {
      for (let i = 0; i < 90; i++) trail.refused(entry({ code: 'TOKEN_REFUSED', from: `10.0.${second}.${i}` }));
      await clock.advance(1000);
    }
    expect(list()).toHaveLength(300);
    await clock.advance(60_000);
    expect(list().reduce((sum, { count }) => sum + count, 0)).toBe(900);
  });

  it('forgets what is old', async () => {
    const { trail, clock, entry, list } = setUp();
    trail.begin(entry(), false);
    clock.jumpWall(91 * DAY_MS);
    trail.begin(entry(), false);
    await clock.advance(3_600_000);
    expect(list()).toMatchObject([{ seq: 2 }]);
  });

  it('stands in the way of nobody who may do without it, and of everybody else', () => {
    const full = (): never => {
      throw new DozeError('DISK_FULL', 'no space');
    };
    const { clock, entry } = setUp();
    const records = { appendAudit: full, finishAudit: full, listAudit: full, pruneAudit: full };
    const trail = keepAuditTrail({ records, clock, logger: createSilentLogger() }, DAY_MS);
    expect(trail.begin(entry(), true)).toBeNull();
    expect(() => trail.begin(entry(), false)).toThrow('no space');
    expect(() => trail.finish(1, { status: 200, code: null, target: null })).not.toThrow();
  });
});
