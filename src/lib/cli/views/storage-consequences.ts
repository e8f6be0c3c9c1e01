import type { StorageView } from '../../api/client/index.ts';

type Dependent = StorageView['computes'][number];

const MOST_NAMES = 6;

/** What a verdict means for the computes whose data lives there, a line each; nothing where nobody's does. */
export function consequencesOf({ computes, kind, verdict }: StorageView): string[] {
  const awake = computes.filter(({ state }) => RUNNING.includes(state));
  const asleep = computes.filter((compute) => !awake.includes(compute));
  switch (verdict) {
    case 'healthy':
    case 'degraded':
      return lines(['running on it', awake], ['can wake on it', asleep]);
    case 'unavailable':
      return lines([AT_RISK[kind], awake], ['cannot wake until it is back', asleep]);
    case 'unknown':
      return lines(['running, nobody knows how safely', awake], ['cannot wake until it has been seen', asleep]);
  }
}

const RUNNING: readonly Dependent['state'][] = ['active', 'suspending', 'creating', 'resuming'];

/** A running compute is never stopped because of a verdict. */
const AT_RISK = {
  pageServer: 'at risk (goes on, but cannot read what it has not cached)',
  safekeepers: 'at risk (goes on, but what it commits may be lost)',
} as const;

function lines(...groups: (readonly [string, readonly Dependent[]])[]): string[] {
  return groups.flatMap(([what, computes]) => (computes.length === 0 ? [] : [`${what}: ${listed(computes)}`]));
}

function listed(computes: readonly Dependent[]): string {
  const isOneProject = new Set(computes.map(({ project }) => project)).size === 1;
  const names = computes.slice(0, MOST_NAMES).map(({ project, name }) => (isOneProject ? name : `${project}/${name}`));
  const more = computes.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
