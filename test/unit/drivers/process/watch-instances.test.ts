import { describe, expect, it } from 'vitest';

import type { Instance, InstanceChange } from '../../../../src/lib/drivers/index.ts';
import { compareSights, createInstanceWatch } from '../../../../src/lib/drivers/process/watch-instances.ts';
import { createSilentLogger } from '../../../../src/lib/logger.ts';
import { createSimulatedClock, settle } from '../../../support/simulated-clock.ts';

const SINCE_MS = 1000;
const up = { isUp: true, exit: null };
const endedAt = (atMs: number | null) => ({ isUp: false, exit: { atMs, code: 137, isOutOfMemory: false } });
const neverRan = { isUp: false, exit: null };

describe('two looks at an instance', () => {
  it.each([
    ['that runs as before', up, up],
    ['that was started', neverRan, up],
    ['that ended long before anybody watched', undefined, endedAt(SINCE_MS - 1)],
    ['that never ran', undefined, neverRan],
    ['that is as dead as before', endedAt(5), endedAt(5)],
    ['that was never there', undefined, undefined],
  ])('are no news of one %s', (_, before, now) => {
    expect(compareSights('c1', before, now, SINCE_MS)).toBeNull();
  });

  it.each([
    ['that ran', up, endedAt(2000)],
    ['that ran, and whose end nobody noted', up, endedAt(null)],
    ['that is seen for the first time and ended since we watch', undefined, endedAt(SINCE_MS)],
    ['that was started and ended between two looks', endedAt(5), endedAt(2000)],
  ])('tell the end of one %s', (_, before, now) => {
    expect(compareSights('c1', before, now, SINCE_MS)).toEqual({ computeId: 'c1', kind: 'ended', exit: now.exit });
  });

  it('tell that one was taken away', () => {
    expect(compareSights('c1', up, undefined, SINCE_MS)).toEqual({ computeId: 'c1', kind: 'removed', exit: null });
  });
});

describe('watching', () => {
  const parked = (computeId: string, atMs: number): Instance => ({
    computeId,
    state: 'parked',
    endpoint: null,
    exit: { atMs, code: 1, isOutOfMemory: false },
  });
  const running = (computeId: string): Instance => ({ computeId, state: 'running', endpoint: null, exit: null });

  function createBench(...instances: Instance[]) {
    const clock = createSimulatedClock();
    const world = new Map(instances.map((instance) => [instance.computeId, instance]));
    const looks: string[] = [];
    const news: InstanceChange[] = [];
    const watch = createInstanceWatch({
      clock,
      logger: createSilentLogger(),
      list: async () => {
        looks.push('all');
        return Promise.resolve([...world.values()]);
      },
      inspect: async (id) => {
        looks.push(id);
        return Promise.resolve(world.get(id) ?? null);
      },
    });
    watch.add((change) => void news.push(change));
    return { clock, world, looks, news, watch };
  }

  it('looks at all of them once, and then only at those that run', async () => {
    const { clock, looks } = createBench(parked('asleep', 0), running('awake'));
    await settle();
    await clock.advance(3_000);
    expect(looks).toEqual(['all', 'awake', 'awake', 'awake']);
  });

  it('tells the end of one that a verb of ours had started', async () => {
    const { clock, world, watch, news } = createBench(parked('c1', 0));
    await clock.advance(1_000);
    await watch.during('c1', () => Promise.resolve(world.set('c1', running('c1'))));
    const end = parked('c1', clock.wallMs());
    world.set('c1', end);
    await clock.advance(1_000);
    expect(news).toEqual([{ computeId: 'c1', kind: 'ended', exit: end.exit }]);
  });

  it('looks at one of which a verb failed: the server may be up all the same', async () => {
    const { clock, world, watch, news } = createBench(parked('c1', 0));
    await clock.advance(1_000);
    const failing = watch.during('c1', () => {
      world.set('c1', running('c1'));
      return Promise.reject(new TypeError('too late'));
    });
    await expect(failing).rejects.toThrow('too late');
    await clock.advance(1_000);
    const end = parked('c1', clock.wallMs());
    world.set('c1', end);
    await clock.advance(1_000);
    expect(news).toEqual([{ computeId: 'c1', kind: 'ended', exit: end.exit }]);
  });
});
