import { monthOf, type Compute, type Segment } from '../../domain/index.ts';
import type { Store } from '../../store/index.ts';
import type { SegmentClock } from '../segment-clock.ts';

/** What a project's computes used since the beginning of the month, UTC. */
export interface MonthUse {
  readonly activeMs: number;
  /** Sum of CU x milliseconds. */
  readonly cuMs: number;
}

/**
 * The ledger's own sum: the month's roll-up of what has ended, read again only after something has happened in the project,
 * and what is open as far as it has come.
 */
export interface MonthMeter {
  of(project: string): MonthUse;
  /** Whatever happened to a compute. */
  noteChange(compute: Pick<Compute, 'project'>): void;
}

interface Deps {
  readonly store: Pick<Store, 'usageSums' | 'openSegments'>;
  readonly segments: Pick<SegmentClock, 'lengthMs'>;
  readonly wallMs: () => number;
}

interface Month {
  readonly beginMs: number;
  readonly endMs: number;
}

interface Account {
  readonly month: Month;
  /** Of what has ended. */
  readonly ended: MonthUse;
  readonly open: readonly Segment[];
}

const NOTHING: MonthUse = { activeMs: 0, cuMs: 0 };

export function createMonthMeter({ store, segments, wallMs }: Deps): MonthMeter {
  const accounts = new Map<string, Account>();

  function accountOf(project: string): Account {
    const month = monthOf(wallMs());
    const known = accounts.get(project);
    if (known?.month.beginMs === month.beginMs) return known;
    const account = readAccount(store, project, month);
    accounts.set(project, account);
    return account;
  }

  return {
    of(project) {
      const { month, ended, open } = accountOf(project);
      return open.reduce((sum, segment) => add(sum, usedIn(month, segment, segments.lengthMs(segment))), ended);
    },
    noteChange: ({ project }) => void accounts.delete(project),
  };
}

function readAccount(store: Deps['store'], project: string, month: Month): Account {
  const window = { fromMs: month.beginMs, toMs: month.endMs, project };
  const ended = store
    .usageSums(window, { byCompute: false, per: null })
    .map(({ activeMs, quarterCuMs }) => ({ activeMs, cuMs: quarterCuMs / 4 }));
  // Sleep is metered apart from activity, and no part of these quotas.
  const open = store.openSegments(window).filter(({ depth }) => depth === null);
  return { month, ended: ended.reduce(add, NOTHING), open };
}

function usedIn({ beginMs, endMs }: Month, { startedAtMs, cu }: Segment, lengthMs: number): MonthUse {
  const untilMs = Math.min(endMs, Math.round(startedAtMs + lengthMs));
  const activeMs = Math.max(0, untilMs - Math.max(startedAtMs, beginMs));
  return { activeMs, cuMs: activeMs * cu };
}

function add(a: MonthUse, b: MonthUse): MonthUse {
  return { activeMs: a.activeMs + b.activeMs, cuMs: a.cuMs + b.cuMs };
}
