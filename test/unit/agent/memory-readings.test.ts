import { describe, expect, it } from 'vitest';

import { createMemoryReadings } from '../../../src/lib/agent/services/memory-readings.ts';
import type { Compute } from '../../../src/lib/domain/index.ts';
import type { Driver } from '../../../src/lib/drivers/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { createSimulatedClock, settle } from '../../support/simulated-clock.ts';

type Usage = (id: string) => Promise<{ memoryBytes: number; cpuSeconds: number } | null>;

const compute = (id: string, changes: Partial<Compute> = {}): Compute =>
  ({ id, name: id, driver: 'fake', state: 'active', depth: null, ...changes }) as Compute;
const bytes = (memoryBytes: number) => ({ memoryBytes, cpuSeconds: 1 });

function readings(usage: Usage) {
  const clock = createSimulatedClock();
  const asked: string[] = [];
  const driver = {
    usage: (id: string) => {
      asked.push(id);
      return usage(id);
    },
  } as unknown as Driver;
  return { clock, asked, read: createMemoryReadings(clock, () => driver) };
}

describe('what servers hold in memory', () => {
  it('is asked of those that have a process, and of no others', async () => {
    const { read, asked } = readings((id) => Promise.resolve(bytes(id.length)));
    const computes = [
      compute('parked', { state: 'suspended', depth: 'parked' }),
      compute('frozen', { state: 'suspended', depth: 'frozen' }),
      compute('gone', { state: 'failed' }),
      compute('up'),
    ];
    expect(Object.fromEntries(await read(computes))).toEqual({ up: 2, frozen: 6 });
    expect(asked).toEqual(['up', 'frozen']);
  });

  it('is not asked again for some seconds, nor for a minute of one that sleeps', async () => {
    const { read, asked, clock } = readings(() => Promise.resolve(bytes(1)));
    const computes = [compute('up'), compute('frozen', { state: 'suspended', depth: 'frozen' })];
    await read(computes);
    await clock.advance(3_999);
    expect((await read(computes)).size).toBe(2);
    expect(asked).toHaveLength(2);
    await clock.advance(1);
    await read(computes);
    expect(asked).toEqual(['up', 'frozen', 'up']);
    await clock.advance(60_000);
    await read(computes);
    expect(asked).toHaveLength(5);
  });

  it('is asked of a few at once, and of so many in one look', async () => {
    let now = 0;
    let most = 0;
    const { read, asked } = readings(async () => {
      now += 1;
      most = Math.max(most, now);
      await settle();
      now -= 1;
      return bytes(1);
    });
    const computes = Array.from({ length: 200 }, (_, index) => compute(`c${index}`));
    expect((await read(computes)).size).toBe(64);
    expect(most).toBeLessThanOrEqual(4);
    await read(computes);
    expect(new Set(asked).size).toBe(128);
  });

  it('is waited for no longer than a moment, and is there at the next look', async () => {
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof bytes>>();
    const { read, asked, clock } = readings((id) => (id === 'slow' ? promise : Promise.resolve(bytes(1))));
    const computes = [compute('slow'), compute('quick')];
    const looking = read(computes);
    await clock.advance(300);
    expect([...(await looking).keys()]).toEqual(['quick']);
    const again = read(computes);
    await clock.advance(300);
    await again;
    expect(asked).toEqual(['slow', 'quick']);
    resolve(bytes(7));
    await settle();
    expect((await read(computes)).get('slow')).toBe(7);
  });

  it('is left out where it cannot be told', async () => {
    const { read } = readings((id) =>
      id === 'odd' ? Promise.reject(new DozeError('DOCKER_FAILED', 'no')) : Promise.resolve(null),
    );
    expect((await read([compute('odd'), compute('mute')])).size).toBe(0);
  });
});
