import { createRandom, type Random } from './random.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const MIB = 1024 ** 2;

export const DAY_MS = 24 * HOUR;

/** Something that clients do for a while; instants are milliseconds since midnight. */
export interface Burst {
  readonly atMs: number;
  readonly lengthMs: number;
  /** What it would use of CPU if nothing limited it. */
  readonly cores: number;
  readonly pageRequestsPerSecond: number;
  /** Bytes of the data that it goes over. */
  readonly workingSetBytes: number;
}

/** What people do: a page is opened, a form is saved, a list is exported. */
const PEOPLE = { perMinute: 2.5, lengthMs: [4 * SECOND, 70 * SECOND], cores: [0.03, 0.3] } as const;
const REPORTS = 5;

/**
 * A working day of an application that an office uses: nobody at night but for the jobs, the first at half past seven, lunch
 * from twelve, hardly anybody after six. Pure: the same seed gives the same day.
 */
export function officeDay(seed: number): readonly Burst[] {
  const random = createRandom(seed);
  const bursts = [...people(random), ...reports(random), ...jobs()];
  return bursts.toSorted((one, other) => one.atMs - other.atMs);
}

/** Which part of them is at work: a line from each point to the next. */
const PRESENCE: readonly (readonly [hour: number, part: number])[] = [
  [7.25, 0],
  [9, 0.8],
  [10, 1],
  [11.75, 1],
  [12.25, 0.15],
  [12.75, 0.15],
  [13.5, 0.9],
  [16, 1],
  [17.5, 0.5],
  [18.5, 0.03],
  [20, 0.03],
  [20.25, 0],
];

export function presenceAt(atMs: number): number {
  const hour = atMs / HOUR;
  const next = PRESENCE.findIndex(([at]) => at > hour);
  const [from, to] = [PRESENCE[next - 1], PRESENCE[next]];
  if (from === undefined || to === undefined) return 0;
  return from[1] + ((to[1] - from[1]) * (hour - from[0])) / (to[0] - from[0]);
}

function* people(random: Random): Generator<Burst> {
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    const expected = PEOPLE.perMinute * presenceAt(minute * MINUTE);
    for (let count = random.poisson(expected); count > 0; count -= 1) {
      const cores = random.between(...PEOPLE.cores);
      yield {
        atMs: Math.round((minute + random.next()) * MINUTE),
        lengthMs: Math.round(random.between(...PEOPLE.lengthMs)),
        cores,
        pageRequestsPerSecond: Math.round(cores * 20_000),
        workingSetBytes: 300 * MIB,
      };
    }
  }
}

/** Somebody wants the figures of a month, and goes over more data than everybody else together. */
function* reports(random: Random): Generator<Burst> {
  for (let count = 0; count < REPORTS; count += 1) {
    yield {
      atMs: Math.round(random.between(9, 17) * HOUR),
      lengthMs: Math.round(random.between(2, 7) * MINUTE),
      cores: random.between(0.6, 0.9),
      pageRequestsPerSecond: 30_000,
      workingSetBytes: 2_500 * MIB,
    };
  }
}

/** An import each hour, and the night's work at two. */
function* jobs(): Generator<Burst> {
  const usual = { pageRequestsPerSecond: 2_000, workingSetBytes: 200 * MIB };
  for (let hour = 0; hour < 24; hour += 1) yield { ...usual, atMs: hour * HOUR, lengthMs: 20 * SECOND, cores: 0.1 };
  yield { ...usual, atMs: 2 * HOUR, lengthMs: 12 * MINUTE, cores: 1.2, workingSetBytes: 1_500 * MIB };
}
