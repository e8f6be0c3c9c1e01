import type { TopEntry } from './look.ts';

/** What the table can be sorted by. */
export const TOP_ORDERS = ['state', 'queries', 'sessions', 'cu', 'memory', 'awake', 'name', 'project'] as const;
export type TopOrder = (typeof TOP_ORDERS)[number];

/** Who needs somebody's eye first: what fails or waits, what is awake, what sleeps, the deepest last. */
const STATES: readonly string[] = ['failed', 'creating', 'resuming', 'active', 'suspending', 'suspended', 'destroying'];
const DEPTHS: readonly string[] = ['frozen', 'hibernated', 'parked', 'stopped', 'removed'];

/** Numbers from the largest, words from A; what is equal by project and name, so that no row jumps without a reason. */
export function inOrder(entries: readonly TopEntry[], order: TopOrder, isReversed: boolean): TopEntry[] {
  const direction = isReversed ? -1 : 1;
  return entries.toSorted((a, b) => direction * COMPARE[order](a, b) || byName(a, b));
}

type Compare = (a: TopEntry, b: TopEntry) => number;

const COMPARE: Readonly<Record<TopOrder, Compare>> = {
  state: (a, b) => stateRank(a) - stateRank(b) || byQueries(a, b),
  queries: byQueries,
  sessions: byNumber(({ sessions }) => sessions),
  cu: byNumber(({ state, size }) => (state === 'active' ? size.now : 0)),
  memory: byNumber(({ memoryBytes }) => memoryBytes ?? -1),
  awake: byNumber(({ awakeTodaySeconds }) => awakeTodaySeconds),
  name: (a, b) => compareText(a.name, b.name),
  project: (a, b) => compareText(a.project, b.project),
};

function byQueries(a: TopEntry, b: TopEntry): number {
  return (b.queriesPerSecond ?? -1) - (a.queriesPerSecond ?? -1);
}

function byNumber(read: (entry: TopEntry) => number): Compare {
  return (a, b) => read(b) - read(a);
}

function byName(a: TopEntry, b: TopEntry): number {
  return compareText(a.project, b.project) || compareText(a.name, b.name);
}

function stateRank({ state, depth }: TopEntry): number {
  return STATES.indexOf(state) + (state === 'suspended' ? (DEPTHS.indexOf(depth ?? '') + 1) / 10 : 0);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
