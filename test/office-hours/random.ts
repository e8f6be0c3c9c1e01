/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Random {
  /** From 0 to 1, without 1. */
  next(): number;
  between(from: number, to: number): number;
  /** How often something happens that is expected so often. */
  poisson(expected: number): number;
}

/** Mulberry32, by Tommy Ettinger (public domain): 32 bits of state are plenty for a day. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (from, to) => from + (to - from) * next(),
    poisson(expected) {
      const limit = Math.exp(-expected);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count += 1;
      return count;
    },
  };
}
