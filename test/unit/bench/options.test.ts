import { describe, expect, it } from 'vitest';

import { parseOptions, roundsOf } from '../../bench/framework/options.ts';

const KNOWN = ['wake-parked', 'storm'];

describe('the options of a run', () => {
  it('are everything, on both drivers, when nothing is said', () => {
    expect(parseOptions([], KNOWN)).toEqual({
      names: [],
      isQuick: false,
      rounds: null,
      computes: null,
      clients: null,
      drivers: ['docker', 'process'],
      isReadme: false,
    });
  });

  it('take names, counts and drivers', () => {
    const options = parseOptions(['storm', '--computes', '8', '--driver', 'process', '--quick'], KNOWN);
    expect(options).toMatchObject({ names: ['storm'], computes: 8, drivers: ['process'], isQuick: true });
  });

  it.each([
    [['strom'], 'no benchmark "strom"; there are wake-parked, storm'],
    [['--rounds', '0'], '--rounds takes a whole number above 0'],
    [['--clients', 'many'], '--clients takes a whole number above 0'],
    [['--driver', 'fake'], '--driver takes docker or process'],
    [['--fast'], '--fast'],
  ])('refuse %j', (args, message) => {
    expect(() => parseOptions(args, KNOWN)).toThrow(message);
  });
});

describe('the number of rounds', () => {
  it('is what was asked for, else few in a quick run, else the usual', () => {
    expect(roundsOf({ isQuick: true, rounds: 7 }, 50)).toBe(7);
    expect(roundsOf({ isQuick: true, rounds: null }, 50)).toBe(3);
    expect(roundsOf({ isQuick: false, rounds: null }, 50)).toBe(50);
  });
});
