import {
  levelOf,
  quotaExceeded,
  quotaResetsAtMs,
  QUOTA_WORDS,
  QUOTAS,
  roundDownSize,
  stopsAll,
  type Compute,
  type QuotaUse,
  type SizeRange,
} from '../../domain/index.ts';
import type { DozeError } from '../../errors/index.ts';
import type { Need } from '../plan-room.ts';
import { createQuotaBook, type QuotaBook, type QuotaDeps } from './quota-use.ts';

type Named = Pick<Compute, 'id' | 'project'>;

/** What a project has left, for whoever begins or grows something. Asked and acted on in one step, so that none passes twice. */
export interface Quotas extends Pick<QuotaBook, 'limitsOf' | 'uses'> {
  /**
   * What a start may take of what its project has left. Also of one that is not on record yet.
   * @throws QUOTA_EXCEEDED, QUOTA_IN_USE
   */
  needWithin(compute: Named, need: Need): Need;
  /** One more client's wake. @throws QUOTA_IN_USE */
  requireWake(compute: Named): void;
  noteWake(compute: Named): void;
  /** One more compute, or one that comes back. @throws QUOTA_EXCEEDED */
  requireCompute(compute: Named): void;
  /** More data. @throws QUOTA_EXCEEDED */
  requireStorage(project: string): void;
  /** A size that somebody asks for. @throws QUOTA_EXCEEDED */
  requireSize(project: string, range: SizeRange): void;
  /** The range within what one compute may have, as far as it can be. */
  boundSize<Range extends SizeRange>(project: string, range: Range): Range;
  /** The size that one that is awake may grow to. */
  growableCu(compute: Compute, wantedCu: number): number;
  /** That it may grow to that size. @throws QUOTA_EXCEEDED, QUOTA_IN_USE */
  requireGrowth(compute: Compute, wantedCu: number): void;
  /** Why that is less than it wants, for people; null if it is not. */
  whyBound(compute: Compute, wantedCu: number): string | null;
}

export function createQuotas(deps: QuotaDeps): Quotas {
  const book = createQuotaBook(deps);
  return {
    limitsOf: book.limitsOf,
    uses: book.uses,
    needWithin: (compute, need) => needWithin(book, compute, need),
    requireWake({ project }) {
      const { wakesPerMinute: limit } = book.limitsOf(project);
      if (limit === undefined) return;
      const used = book.used('wakesPerMinute', project);
      if (used >= limit) throw refusal(book, project, { quota: 'wakesPerMinute', used, limit });
    },
    noteWake: ({ project }) => book.noteWake(project),
    requireCompute: (compute) => requireCompute(book, compute),
    requireStorage(project) {
      const { storageBytes: limit } = book.limitsOf(project);
      if (limit === undefined) return;
      const used = book.used('storageBytes', project);
      if (used >= limit) throw refusal(book, project, { quota: 'storageBytes', used, limit });
    },
    requireSize(project, { max }) {
      const { cuPerCompute: limit } = book.limitsOf(project);
      if (limit !== undefined && max > limit) throw refusal(book, project, { quota: 'cuPerCompute', used: max, limit });
    },
    boundSize(project, range) {
      const { cuPerCompute: limit = Infinity } = book.limitsOf(project);
      return range.max <= limit ? range : { ...range, max: Math.max(range.min, roundDownSize(limit)) };
    },
    growableCu(compute, wantedCu) {
      const { now } = compute.size;
      if (wantedCu <= now || usedUp(book, compute.project) !== null) return Math.min(now, wantedCu);
      const { perCompute, inSum } = mostCu(book, compute);
      return Math.max(now, Math.min(wantedCu, perCompute, inSum));
    },
    requireGrowth(compute, wantedCu) {
      const { project } = compute;
      if (wantedCu <= compute.size.now) return;
      refuseUsedUp(book, project);
      if (wantedCu <= mostCu(book, compute).inSum) return;
      const { activeCu: limit = 0 } = book.limitsOf(project);
      throw refusal(book, project, { quota: 'activeCu', used: book.used('activeCu', project), limit });
    },
    whyBound: (compute, wantedCu) => whyBound(book, compute, wantedCu),
  };
}

function needWithin(book: QuotaBook, compute: Named, need: Need): Need {
  const { project } = compute;
  const limits = book.limitsOf(project);
  if (Object.keys(limits).length === 0) return need;
  refuseUsedUp(book, project);
  if (!book.isOnRecord(compute.id)) requireCompute(book, compute);
  const { activeComputes: most } = limits;
  if (most !== undefined) {
    const { activeComputes: used } = book.awakeOthers(compute);
    if (used >= most) throw refusal(book, project, { quota: 'activeComputes', used, limit: most });
  }
  const { perCompute, inSum } = mostCu(book, compute);
  if (need.leastCu > perCompute) {
    throw refusal(book, project, { quota: 'cuPerCompute', used: need.leastCu, limit: perCompute });
  }
  if (need.leastCu > inSum) {
    throw refusal(book, project, {
      quota: 'activeCu',
      used: book.awakeOthers(compute).activeCu,
      limit: limits.activeCu ?? 0,
    });
  }
  return { leastCu: need.leastCu, mostCu: Math.min(need.mostCu, perCompute, inSum) };
}

/** What is used up by the month, or lies on the disk, forbids any start. */
function refuseUsedUp(book: QuotaBook, project: string): void {
  const use = usedUp(book, project);
  if (use !== null) throw refusal(book, project, use);
}

function usedUp(book: QuotaBook, project: string): QuotaUse | null {
  const limits = book.limitsOf(project);
  for (const quota of QUOTAS) {
    const limit = limits[quota];
    if (limit === undefined || !stopsAll(quota)) continue;
    const use = { quota, limit, used: book.used(quota, project) };
    if (levelOf(use) === 'reached') return use;
  }
  return null;
}

function requireCompute(book: QuotaBook, compute: Named): void {
  const { computes: limit } = book.limitsOf(compute.project);
  if (limit === undefined) return;
  const used = book.countOthers(compute);
  if (used >= limit) throw refusal(book, compute.project, { quota: 'computes', used, limit });
}

/** CU that one more start, or one that grows, may have; infinite without a limit. */
function mostCu(book: QuotaBook, compute: Named): { readonly perCompute: number; readonly inSum: number } {
  const { cuPerCompute = Infinity, activeCu = Infinity } = book.limitsOf(compute.project);
  const inSum = activeCu === Infinity ? Infinity : roundDownSize(activeCu - book.awakeOthers(compute).activeCu);
  return { perCompute: cuPerCompute, inSum };
}

function whyBound(book: QuotaBook, compute: Compute, wantedCu: number): string | null {
  const { project } = compute;
  const use = usedUp(book, project);
  if (use !== null) return `project "${project}" has used up its ${QUOTA_WORDS[use.quota]}`;
  const { perCompute, inSum } = mostCu(book, compute);
  if (wantedCu > perCompute) return `project "${project}" may have ${perCompute} ${QUOTA_WORDS.cuPerCompute}`;
  if (wantedCu <= inSum) return null;
  return `project "${project}" may have ${book.limitsOf(project).activeCu ?? 0} ${QUOTA_WORDS.activeCu}`;
}

function refusal({ clock }: QuotaBook, project: string, use: QuotaUse): DozeError {
  return quotaExceeded(project, use, quotaResetsAtMs(use.quota, clock.wallMs()));
}
