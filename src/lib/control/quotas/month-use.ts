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
 * Kept as it goes, from segments as they open and close: what has ended is added up once, where the ledger lies, and is
 * asked for again only by the next month or the next agent. So it is the ledger's own sum at any moment.
 */
export interface MonthMeter {
  of(project: string): MonthUse;
  /** Whatever happened to a compute. */
  noteChange(compute: Pick<Compute, 'id' | 'project'>): void;
}

interface Deps {
  readonly store: Pick<Store, 'sumSegments' | 'edgeSegments' | 'segments' | 'openSegment' | 'listComputes'>;
  readonly segments: Pick<SegmentClock, 'lengthMs'>;
  readonly wallMs: () => number;
}

interface Account {
  readonly beginMs: number;
  /** Of what has ended. */
  ended: MonthUse;
  /** By compute. */
  readonly open: Map<string, Segment>;
}

const NOTHING: MonthUse = { activeMs: 0, cuMs: 0 };

export function createMonthMeter({ store, segments, wallMs }: Deps): MonthMeter {
  const accounts = new Map<string, Account>();

  function accountOf(project: string): Account {
    const { beginMs } = monthOf(wallMs());
    const known = accounts.get(project);
    if (known?.beginMs === beginMs) return known;
    const account = readAccount(store, project, beginMs);
    accounts.set(project, account);
    return account;
  }

  return {
    of(project) {
      const { ended, open, beginMs } = accountOf(project);
      return [...open.values()].reduce(
        (sum, segment) => add(sum, usedSince(segment, segments.lengthMs(segment), beginMs)),
        ended,
      );
    },
    noteChange({ id, project }) {
      const account = accounts.get(project);
      if (account === undefined) return;
      const before = account.open.get(id);
      const now = activeSegment(store, id);
      if (before?.id === now?.id) return;
      // How long it was in the end is on record by now, and nowhere else: the one that is open has its own length.
      if (before !== undefined) {
        account.ended = add(account.ended, usedSince(before, endedLengthMs(store, before), account.beginMs));
        account.open.delete(id);
      }
      if (now !== null) account.open.set(id, now);
    },
  };
}

function readAccount(store: Deps['store'], project: string, beginMs: number): Account {
  const window = { fromMs: beginMs, toMs: Number.MAX_SAFE_INTEGER, project };
  const sums = store.sumSegments(window).map(({ activeMs, cuMs }) => ({ activeMs, cuMs }));
  const edges = store
    .edgeSegments(window)
    .filter(({ depth, lengthMs }) => depth === null && lengthMs !== null)
    .map((segment) => usedSince(segment, segment.lengthMs ?? 0, beginMs));
  const open = store
    .listComputes({ project })
    .map(({ id }) => activeSegment(store, id))
    .filter((segment) => segment !== null);
  return {
    beginMs,
    ended: [...sums, ...edges].reduce(add, NOTHING),
    open: new Map(open.map((segment) => [segment.computeId, segment])),
  };
}

/** Sleep is metered apart from activity, and no part of these quotas. */
function activeSegment(store: Deps['store'], computeId: string): Segment | null {
  const segment = store.openSegment(computeId);
  return segment?.depth === null ? segment : null;
}

function endedLengthMs(store: Deps['store'], { id, computeId, startedAtMs }: Segment): number {
  for (const segment of store.segments({ fromMs: startedAtMs, toMs: startedAtMs + 1, computeId })) {
    if (segment.id === id) return segment.lengthMs ?? 0;
  }
  return 0;
}

function usedSince({ startedAtMs, cu }: Segment, lengthMs: number, beginMs: number): MonthUse {
  const activeMs = Math.max(0, Math.round(startedAtMs + lengthMs) - Math.max(startedAtMs, beginMs));
  return { activeMs, cuMs: activeMs * cu };
}

function add(a: MonthUse, b: MonthUse): MonthUse {
  return { activeMs: a.activeMs + b.activeMs, cuMs: a.cuMs + b.cuMs };
}
