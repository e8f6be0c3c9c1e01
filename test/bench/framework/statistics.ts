/** What is kept of many samples. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  /** By nearest rank: of fewer than 100 samples, p99 is the largest. */
  readonly p95: number;
  readonly p99: number;
}

/** @throws when there is nothing to sum up */
export function summarise(values: readonly number[]): Summary {
  if (values.length === 0) throw new Error('no samples');
  const sorted = values.toSorted((left, right) => left - right);
  return {
    count: sorted.length,
    min: rank(sorted, 0),
    median: median(sorted),
    p95: rank(sorted, 0.95),
    p99: rank(sorted, 0.99),
  };
}

/** What each round says by itself: a machine that was slow for both sides of a round cancels out. */
export function pairedRatios(measured: readonly number[], baseline: readonly number[]): readonly number[] {
  return pairs(measured, baseline).map(([value, base]) => value / base);
}

export function pairedDifferences(measured: readonly number[], baseline: readonly number[]): readonly number[] {
  return pairs(measured, baseline).map(([value, base]) => value - base);
}

function pairs(measured: readonly number[], baseline: readonly number[]): readonly (readonly [number, number])[] {
  if (measured.length !== baseline.length)
    throw new Error(`${String(measured.length)} samples cannot be paired with ${String(baseline.length)}`);
  return measured.map((value, index) => [value, baseline[index]!] as const);
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
}

function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
