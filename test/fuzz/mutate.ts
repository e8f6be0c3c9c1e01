/** Flips bits, puts in bytes that mean something in a length, cuts short. Zero changes are among the outcomes. */
export function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  for (let changes = random(6); changes > 0; changes--) {
    const at = random(bytes.length);
    if (random(3) === 0) bytes[at] = [0, 1, 0xfb, 0xfc, 0xfd, 0xfe, 0xff][random(7)]!;
    else bytes[at] = bytes[at]! ^ (1 << random(8));
  }
  return random(4) === 0 ? bytes.subarray(0, random(bytes.length + 1)) : bytes;
}

/** Small and repeatable: mulberry32. @returns whole numbers from 0 to below the bound */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
