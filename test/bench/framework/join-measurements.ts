import type { Measurement } from './benchmark.ts';

export function joinMeasurements(parts: readonly Measurement[]): Measurement {
  return {
    comparisons: parts.flatMap(({ comparisons }) => comparisons),
    breakdowns: parts.flatMap(({ breakdowns }) => breakdowns),
    facts: parts.flatMap(({ facts }) => facts),
  };
}
