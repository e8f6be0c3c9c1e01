import { describe, expect, it } from 'vitest';

import { alternate, total, type Side } from '../../bench/framework/alternate.ts';

/** A side that writes down what is done with it and counts up. */
function recordedSide(name: string, log: string[]): Side {
  let value = 0;
  return {
    prepare: async () => void log.push(`${name} prepare`),
    measure: async () => {
      log.push(`${name} measure`);
      value += 1;
      return total(value);
    },
    settle: async () => void log.push(`${name} settle`),
  };
}

const signal = new AbortController().signal;

describe('measuring in turn', () => {
  it('takes the sides one after the other in every round', async () => {
    const log: string[] = [];
    const sides = { a: recordedSide('a', log), b: recordedSide('b', log) };
    await alternate(sides, { warmUp: 0, rounds: 2, signal });
    const round = ['a prepare', 'a measure', 'a settle', 'b prepare', 'b measure', 'b settle'];
    expect(log).toEqual([...round, ...round]);
  });

  it('throws the warm-up away, of every side', async () => {
    const sides = { a: recordedSide('a', []), b: recordedSide('b', []) };
    const rounds: number[] = [];
    const found = await alternate(sides, { warmUp: 2, rounds: 3, signal, onRound: (done) => rounds.push(done) });
    expect(found.a.map((sample) => sample.total)).toEqual([3, 4, 5]);
    expect(found.b.map((sample) => sample.total)).toEqual([3, 4, 5]);
    expect(rounds).toEqual([1, 2, 3]);
  });

  it('stops before the next measurement when it is interrupted', async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const onRound = (): void => controller.abort(new Error('enough'));
    const sides = { a: recordedSide('a', log) };
    await expect(alternate(sides, { warmUp: 0, rounds: 5, signal: controller.signal, onRound })).rejects.toThrow(
      'enough',
    );
    expect(log.filter((line) => line === 'a measure')).toHaveLength(1);
  });
});
