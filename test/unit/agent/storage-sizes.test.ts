import { describe, expect, it } from 'vitest';

import { createStorageSizes } from '../../../src/lib/agent/services/storage-bytes.ts';
import type { Compute } from '../../../src/lib/domain/index.ts';
import type { Driver } from '../../../src/lib/drivers/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

const COMPUTE = { id: 'c1', name: 'shop' } as Compute;
const { signal } = new AbortController();

function createBench() {
  const clock = createSimulatedClock();
  const answers: (number | null | Error)[] = [];
  const storageBytes = async (): Promise<number | null> => {
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError('was not to be asked');
    if (answer instanceof Error) throw answer;
    return Promise.resolve(answer);
  };
  const sizes = createStorageSizes(clock);
  return { clock, answers, ask: () => sizes({ storageBytes } as unknown as Driver, COMPUTE, signal) };
}

describe('the size of a compute’s data', () => {
  it('is measured once in a while, however often it is asked for', async () => {
    const { clock, answers, ask } = createBench();
    answers.push(100, 200);
    expect([await ask(), await ask()]).toEqual([100, 100]);
    await clock.advance(30_000);
    expect([await ask(), await ask()]).toEqual([200, 200]);
  });

  it('stays the last known while the compute sleeps or the machine does not answer', async () => {
    const { clock, answers, ask } = createBench();
    answers.push(null, 100, null, new DozeError('DOCKER_UNAVAILABLE', 'Docker does not answer'));
    expect([await ask(), await ask()]).toEqual([null, 100]);
    await clock.advance(30_000);
    expect([await ask(), await ask()]).toEqual([100, 100]);
  });

  it('does not hide what is no matter of the machine', async () => {
    const { answers, ask } = createBench();
    answers.push(new DozeError('INTERNAL', 'a mistake'));
    await expect(ask()).rejects.toThrow('a mistake');
  });
});
