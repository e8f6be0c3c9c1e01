import type { Sample } from './alternate.ts';
import { pairedDifferences, pairedRatios, summarise, type Summary } from './statistics.ts';

export type Unit = 'ms' | 'us' | 'MB' | 'MB per second' | 'per second' | '% of a core' | 'CU-seconds';

/** A limit on what was compared; never a deadline. */
export interface Goal {
  /** `measured` where the figure itself is what is promised, and not how it stands to another. */
  readonly of: 'ratio' | 'difference' | 'measured';
  readonly at: 'median' | 'p99';
  readonly is: 'atMost' | 'atLeast';
  readonly limit: number;
}

export interface Series {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** What was measured and what it is divided by, round by round. */
export interface Comparison {
  /** Which variant: a driver, a number of threads. */
  readonly label: string;
  readonly unit: Unit;
  readonly measured: { readonly name: string } & Summary;
  readonly baseline: { readonly name: string } & Summary;
  readonly ratio: Summary;
  readonly difference: Summary;
  readonly goals: readonly (Goal & { readonly value: number; readonly isMet: boolean })[];
}

/** Where the time of one side went. */
export interface Breakdown {
  readonly label: string;
  readonly unit: Unit;
  readonly parts: Readonly<Record<string, Summary>>;
}

export interface CompareRequest {
  readonly label: string;
  readonly unit: Unit;
  readonly measured: Series;
  readonly baseline: Series;
  readonly goals?: readonly Goal[];
}

export function compare({ label, unit, measured, baseline, goals = [] }: CompareRequest): Comparison {
  const values = totals(measured);
  const bases = totals(baseline);
  const found = {
    measured: summarise(values),
    ratio: summarise(pairedRatios(values, bases)),
    difference: summarise(pairedDifferences(values, bases)),
  };
  return {
    label,
    unit,
    ...found,
    measured: { name: measured.name, ...found.measured },
    baseline: { name: baseline.name, ...summarise(bases) },
    goals: goals.map((goal) => judge(goal, found)),
  };
}

function judge(goal: Goal, found: Readonly<Record<Goal['of'], Summary>>): Comparison['goals'][number] {
  const value = found[goal.of][goal.at];
  return { ...goal, value, isMet: goal.is === 'atMost' ? value <= goal.limit : value >= goal.limit };
}

/** Parts that a sample lacks count in none of its figures. */
export function breakDown(label: string, unit: Unit, samples: readonly Sample[]): Breakdown {
  const names = new Set(samples.flatMap(({ parts }) => Object.keys(parts)));
  const valuesOf = (name: string): number[] =>
    samples.map(({ parts }) => parts[name]).filter((value) => value !== undefined);
  return {
    label,
    unit,
    parts: Object.fromEntries([...names].map((name) => [name, summarise(valuesOf(name))])),
  };
}

function totals({ samples }: Series): readonly number[] {
  return samples.map((sample) => sample.total);
}
