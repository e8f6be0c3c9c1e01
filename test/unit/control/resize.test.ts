import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';

const quiet = (): undefined => undefined;
const RANGE = { min: 0.25, max: 2 };
const BUSY = { cpuSeconds: 0.5, memoryBytes: 0 };

const REFUSED = new DozeError('RESIZE_REFUSED', 'it holds 3000 MiB, too much for 0.25 CU');

async function started(size = RANGE): Promise<Harness> {
  const harness = await createHarness({ scaleDownAfterMs: 20_000 });
  await harness.start('shop', { size, suspendAfterMs: null });
  return harness;
}

/** Uses so much CPU in each of the next looks. */
async function use(harness: Harness, cpus: number, looks: number): Promise<void> {
  const { id } = harness.compute('shop');
  for (let look = 0; look < looks; look += 1) {
    const { cpuSeconds } = harness.world.usage.get(id) ?? { cpuSeconds: 0 };
    harness.world.usage.set(id, { ...BUSY, cpuSeconds: cpuSeconds + cpus * 2 });
    await harness.clock.advance(2_000);
  }
}

function resized(harness: Harness) {
  return harness.store.listEvents({ types: ['resized'] }).map(({ event }) => event);
}

function sizes(harness: Harness): { record: number; limits: number | undefined; pool: number } {
  const { id, size } = harness.compute('shop');
  return { record: size.now, limits: harness.world.sizes.get(id), pool: harness.engine.load.poolBytes / 2 ** 31 };
}

describe('sizing a compute by its load', () => {
  it('starts at its smallest size and grows at once, limits before the server, with the numbers on record', async () => {
    const harness = await started();
    expect(harness.compute('shop').size).toEqual({ ...RANGE, now: 0.25 });
    await use(harness, 0.25, 3);
    expect(sizes(harness)).toEqual({ record: 0.5, limits: 0.5, pool: 0.5 });
    expect(resized(harness)).toMatchObject([{ fromCu: 0.25, cu: 0.5, reason: 'load', load: { cpuAsksCu: 0.5 } }]);
  });

  it('shrinks when less was enough for a while, the server before the limits', async () => {
    const harness = await started();
    await use(harness, 1.4, 3);
    expect(sizes(harness).record).toBe(2);
    await use(harness, 0.1, 8);
    expect(sizes(harness).record).toBe(2);
    harness.world.calls.length = 0;
    await use(harness, 0.1, 5);
    expect(sizes(harness)).toEqual({ record: 0.25, limits: 0.25, pool: 0.25 });
    expect(harness.store.verify().isConsistent).toBe(true);
  });

  it('bills each size for its own time, without a gap', async () => {
    const harness = await started();
    await use(harness, 0.25, 3);
    await harness.clock.advance(10_000);
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    const segments = [...harness.store.segments({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })];
    expect(segments).toMatchObject([
      { cu: 0.25, cause: 'create', lengthMs: segments[1]!.startedAtMs - segments[0]!.startedAtMs },
      { cu: 0.5, cause: 'resize' },
    ]);
  });

  it('goes back on record to the size it has when the driver refuses the new one', async () => {
    const harness = await started();
    await use(harness, 0.01, 2);
    harness.world.failNext('resize', REFUSED);
    await use(harness, 0.25, 1);
    expect(sizes(harness)).toEqual({ record: 0.25, limits: 0.25, pool: 0.25 });
    expect(resized(harness)).toMatchObject([
      { cu: 0.5, reason: 'load' },
      { cu: 0.25, reason: 'undone', message: REFUSED.message },
    ]);
  });

  it('stays at its size when the server cannot shrink, and does not try again at every look', async () => {
    const harness = await started();
    await use(harness, 0.25, 3);
    harness.engine.resizeError = REFUSED;
    const before = harness.engine.resizes.length;
    await use(harness, 0.01, 25);
    expect(sizes(harness)).toEqual({ record: 0.5, limits: 0.5, pool: 0.5 });
    // The attempt, and what puts the server back.
    expect(harness.engine.resizes.slice(before)).toEqual([0.25, 0.5]);
  });

  it('leaves a compute alone that has something else to do', async () => {
    const harness = await started();
    await use(harness, 0.01, 2);
    const letGo = harness.world.holdNext('suspend');
    const suspended = harness.control.operations.suspend('default', 'shop', {}, quiet);
    await use(harness, 0.25, 3);
    letGo();
    await suspended;
    expect(resized(harness)).toEqual([]);
  });

  it('gives a server what belongs to its size after a start with the arguments of another', async () => {
    const harness = await started();
    await use(harness, 0.25, 3);
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    harness.engine.load = { ...harness.engine.load, poolBytes: 2 ** 29 };
    await harness.control.operations.resume('default', 'shop', quiet);
    await harness.clock.advance(2_000);
    expect(sizes(harness)).toEqual({ record: 0.5, limits: 0.5, pool: 0.5 });
  });

  it('puts limits right that a dead agent left behind the record', async () => {
    const harness = await started();
    await use(harness, 0.25, 3);
    const { id } = harness.compute('shop');
    harness.world.sizes.set(id, 0.25);
    harness.world.instances.set(id, { ...harness.world.instances.get(id)!, cu: 0.25 });
    const after = await harness.restartAgent();
    expect(sizes({ ...after, engine: harness.engine })).toEqual({ record: 0.5, limits: 0.5, pool: 0.5 });
  });

  it('records the size that an instance has when its limits cannot be put right', async () => {
    const harness = await started();
    await use(harness, 0.25, 3);
    const { id } = harness.compute('shop');
    harness.world.sizes.set(id, 1);
    harness.world.instances.set(id, { ...harness.world.instances.get(id)!, cu: 1 });
    harness.world.failNext('resize', REFUSED);
    const after = await harness.restartAgent();
    expect(after.compute('shop').size.now).toBe(1);
    expect(resized(after).at(-1)).toMatchObject({ fromCu: 0.5, cu: 1, reason: 'undone' });
  });
});

describe('resizing by request', () => {
  const resize = (harness: Harness, min: number, max = min) =>
    harness.control.operations.resize('default', 'shop', { min, max }, quiet);

  it('gives an active compute its new size at once', async () => {
    const harness = await started({ min: 0.5, max: 0.5 });
    expect(await resize(harness, 1)).toMatchObject({
      action: 'resized',
      compute: { size: { min: 1, max: 1, now: 1 } },
    });
    expect(sizes(harness)).toEqual({ record: 1, limits: 1, pool: 1 });
    expect(resized(harness)).toMatchObject([{ fromCu: 0.5, cu: 1, reason: 'request' }]);
    expect(await resize(harness, 1)).toMatchObject({ action: 'unchanged' });
  });

  it('keeps the size within a range that is only wider', async () => {
    const harness = await started({ min: 0.5, max: 0.5 });
    expect((await resize(harness, 0.25, 2)).compute.size).toEqual({ min: 0.25, max: 2, now: 0.5 });
    expect(resized(harness)).toEqual([]);
  });

  it('is for the next start of one that sleeps', async () => {
    const harness = await started({ min: 0.5, max: 0.5 });
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    expect((await resize(harness, 2)).notes).toEqual(['"shop" has it from its next start on']);
    await harness.control.operations.resume('default', 'shop', quiet);
    expect(sizes(harness)).toMatchObject({ record: 2, limits: 2 });
  });

  it('makes a frozen one smaller only once it runs', async () => {
    const harness = await started({ min: 2, max: 2 });
    await harness.control.operations.suspend('default', 'shop', { depth: 'frozen' }, quiet);
    expect((await resize(harness, 0.5)).compute.size).toEqual({ min: 0.5, max: 0.5, now: 2 });
    await harness.control.operations.resume('default', 'shop', quiet);
    expect(sizes(harness)).toMatchObject({ record: 2, limits: 2 });
    await use(harness, 0, 4);
    expect(sizes(harness)).toEqual({ record: 0.5, limits: 0.5, pool: 0.5 });
  });

  it('says why a compute keeps its size', async () => {
    const harness = await started({ min: 2, max: 2 });
    harness.engine.resizeError = REFUSED;
    const { action, compute, notes } = await resize(harness, 0.25);
    expect({ action, now: compute.size.now }).toEqual({ action: 'resized', now: 2 });
    expect(notes).toEqual([`it stays at 2 CU for now, and is tried again: ${REFUSED.message}`]);
  });

  it('comes with a start of one that exists too', async () => {
    const harness = await started({ min: 0.5, max: 0.5 });
    expect((await harness.start('shop', { size: RANGE })).size).toEqual({ ...RANGE, now: 0.5 });
  });

  it.each([
    [0.3, 0.3],
    [2, 1],
    [0, 1],
    [1, 65],
  ])('refuses %d to %d', async (min, max) => {
    const harness = await started();
    await expect(resize(harness, min, max)).rejects.toMatchObject({ code: 'SIZE_INVALID' });
  });
});
