import { describe, expect, it } from 'vitest';

import { createReadiness } from '../../../src/lib/agent/services/readiness.ts';
import type { AgentCore, Running } from '../../../src/lib/agent/running.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

interface Parts {
  readonly store?: Store;
  readonly failure?: DozeError;
  readonly gateway?: () => Promise<ReadonlyMap<string, number>>;
  readonly usable?: readonly string[];
}

function readiness({ store = createStore({ path: ':memory:' }), failure, gateway, usable = ['process'] }: Parts = {}) {
  const clock = createSimulatedClock();
  let probes = 0;
  const driver = (name: string) => ({ name, probe: async () => ((probes += 1), { isUsable: usable.includes(name) }) });
  const parts = {
    gateway: { sessionCounts: gateway ?? (async () => new Map()) },
    drivers: { all: () => [driver('docker'), driver('process')] },
  } as unknown as Running;
  const running = failure === undefined ? Promise.resolve(parts) : Promise.reject<Running>(failure);
  running.catch(() => undefined);
  const core = { clock, store, running } as unknown as AgentCore;
  return { ready: createReadiness(core), clock, probes: () => probes };
}

describe('an agent', () => {
  it('is ready when its records can be written, its gateway answers and a driver works', async () => {
    expect(await readiness().ready()).toEqual({ status: 'ready', store: 'ok', gateway: 'ok', drivers: ['process'] });
  });

  it('looks once for all who ask within a few seconds', async () => {
    const { ready, clock, probes } = readiness();
    await Promise.all([ready(), ready(), ready()]);
    expect(probes()).toBe(2);
    await clock.advance(6_000);
    await ready();
    expect(probes()).toBe(4);
  });

  it('says which part is not ready, and why by its code alone', async () => {
    const full: Store = {
      ...createStore({ path: ':memory:' }),
      setMeta() {
        throw new DozeError('DISK_FULL', 'no room');
      },
    };
    const secret = new DozeError('STORE_DAMAGED', 'at /home/somebody/secret');
    const cases: readonly (readonly [Parts, string, string])[] = [
      [{ store: full }, 'store', 'DISK_FULL'],
      [{ failure: secret }, 'agent', 'STORE_DAMAGED'],
      [{ gateway: () => Promise.reject(new DozeError('THREAD_LOST', 'gone')) }, 'gateway', 'THREAD_LOST'],
      [{ usable: [] }, 'drivers', 'NO_DRIVER'],
    ];
    for (const [parts, part, code] of cases) {
      const error: unknown = await readiness(parts)
        .ready()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'NOT_READY', details: { part, code } });
      expect((error as Error).message).not.toContain('secret');
    }
  });
});
