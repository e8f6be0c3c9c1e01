import { describe, expect, it } from 'vitest';

import type { StorageHealth, StorageService, Verdict } from '../../../src/lib/domain/index.ts';
import type { ServiceWatch } from '../../../src/lib/storage/index.ts';
import { createStorageGate } from '../../../src/lib/storage/storage-gate.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

const { signal } = new AbortController();
const MESSAGE = 'no quorum: 1 of 3 replicas answer, and 2 must';
const SK_1 = 'http://sk-1:8090';

/** A service whose looks end as they are told to, each at once. */
function createBench(settled: Verdict, lookedMsAgo: number | null) {
  const clock = createSimulatedClock();
  const state = { settled, next: [] as Verdict[], looks: 0 };
  let last = lookedMsAgo === null ? null : { verdict: settled, endedMs: clock.monotonicMs() - lookedMsAgo };
  const health = (): StorageHealth => {
    const findings =
      last?.verdict === 'unavailable'
        ? [
            { verdict: 'unavailable' as const, code: 'noQuorum' as const, endpoint: null, message: MESSAGE },
            { verdict: 'degraded' as const, code: 'replicaMissing' as const, endpoint: SK_1, message: 'is silent' },
          ]
        : [];
    const none = { endpoints: [], group: null, latestLsn: null, lag: null };
    return { serviceId: 's1', verdict: state.settled, sinceMs: 0, findings, ...none };
  };
  const service = { name: 'sk', kind: 'safekeepers', intervalMs: 5_000, deadlineMs: 2_000 } as StorageService;
  const watch = {
    service,
    health,
    lastLook: () => (last === null ? null : { judgement: { verdict: last.verdict }, endedMs: last.endedMs }),
    look: async () => {
      state.looks += 1;
      const verdict = state.next.shift() ?? 'unavailable';
      last = { verdict, endedMs: clock.monotonicMs() };
      return Promise.resolve(health());
    },
    close: () => undefined,
  } as unknown as ServiceWatch;
  const gate = createStorageGate(clock);
  return { clock, state, pass: (patienceMs: number) => gate.pass([watch], patienceMs, signal) };
}

describe('the gate before a start', () => {
  it.each(['healthy', 'degraded'] as const)('asks nobody where a fresh look found it %s', async (verdict) => {
    const { state, pass } = createBench(verdict, 5_000);
    await pass(0);
    expect(state.looks).toBe(0);
  });

  it('asks now where the last look is old, or there was none', async () => {
    for (const age of [8_000, null]) {
      const { state, pass } = createBench('healthy', age);
      state.next = ['healthy'];
      await pass(0);
      expect(state.looks).toBe(1);
    }
  });

  it('asks now where the verdict does not stand yet, and believes what it sees', async () => {
    const { state, pass } = createBench('unavailable', 100);
    state.next = ['degraded'];
    await pass(0);
    expect(state.looks).toBe(1);
  });

  it('refuses with the service, the reason and the endpoint to look at', async () => {
    const { pass } = createBench('unavailable', 100);
    await expect(pass(0)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: `the Safekeepers "sk" cannot serve it: ${MESSAGE}; ${SK_1} is silent`,
      hint: 'doze storage status sk',
      details: { endpoint: SK_1, finding: 'noQuorum' },
    });
  });

  it('waits for a tier that comes back, as long as it is given', async () => {
    const { clock, state, pass } = createBench('unavailable', 100);
    state.next = ['unavailable', 'unavailable', 'healthy'];
    const passed = pass(1_000);
    while (state.looks < 3) await clock.advance(50);
    await passed;
    expect(state.looks).toBe(3);
  });
});
