import { describe, expect, it } from 'vitest';

import { checkLedger } from '../../../src/lib/agent/doctor/ledger.ts';
import { createLedgerHealth } from '../../../src/lib/control/ledger-health.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness } from '../../support/control-harness.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

const full = new DozeError('DISK_FULL', 'the disk is full', { hint: 'free some space' });
const fail = (): never => {
  throw full;
};

describe('the health of the ledger', () => {
  it('is a problem from the first failure in a row until something was written', async () => {
    const clock = createSimulatedClock();
    const health = createLedgerHealth(clock);
    expect(health.problem()).toBeNull();
    const sinceMs = clock.wallMs();
    expect(() => health.watch(fail)).toThrow('the disk is full');
    await clock.advance(5000);
    expect(() => health.watch(fail)).toThrow('the disk is full');
    expect(health.problem()).toEqual({ error: full, sinceMs });
    health.watch(() => false);
    expect(health.problem()).not.toBeNull();
    health.watch(() => true);
    expect(health.problem()).toBeNull();
  });

  it('is told by the doctor, with what to do', () => {
    expect(checkLedger(null)).toMatchObject({ name: 'ledger', status: 'ok' });
    expect(checkLedger({ error: full, sinceMs: 0 })).toMatchObject({ status: 'failed', hint: 'free some space' });
  });

  it('of an agent comes and goes with its disk, and what was used meanwhile is billed', async () => {
    const harness = await createHarness({ ladder: [] });
    const { id } = await harness.start('shop');
    await harness.clock.advance(20_000);
    const { heartbeat } = harness.store;
    Object.assign(harness.store, { heartbeat: fail });
    harness.gate.traffic.push({ computeId: id, bytesIn: 1, bytesOut: 2, queries: 3 });
    await harness.clock.advance(600_000);
    expect(harness.control.ledgerProblem()).toMatchObject({ error: { code: 'DISK_FULL' } });
    Object.assign(harness.store, { heartbeat });
    await harness.clock.advance(10_000);
    expect(harness.control.ledgerProblem()).toBeNull();
    harness.control.close();
    const next = await harness.restartAgent();
    expect(next.control.openLengthMs(next.store.openSegment(id)!)).toBe(630_000);
    const sums = next.store.usageSums({ fromMs: 0, toMs: Date.UTC(2090, 0) }, { byCompute: false, per: null });
    expect(sums).toMatchObject([{ bytesIn: 1, bytesOut: 2, queries: 3 }]);
  });
});
