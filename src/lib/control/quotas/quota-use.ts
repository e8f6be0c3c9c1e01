import type { Clock } from '../../clock.ts';
import { QUOTAS, type Compute, type ProjectLimits, type QuotaName, type QuotaUse } from '../../domain/index.ts';
import type { Store } from '../../store/index.ts';
import type { AwakeList } from '../awake-list.ts';
import type { Journal } from '../journal.ts';
import type { Places } from '../places.ts';
import type { SegmentClock } from '../segment-clock.ts';
import type { SessionSeats } from '../session-seats.ts';
import { createMonthMeter } from './month-use.ts';
import { awakeUse, countComputes, type AwakeUse } from './project-use.ts';
import { createWakeRate } from './wake-rate.ts';

export interface QuotaDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'onChange'>;
  readonly segments: Pick<SegmentClock, 'lengthMs'>;
  readonly awake: AwakeList;
  readonly places: Places;
  /** Later, as seats go by limits too. */
  readonly seats: () => Pick<SessionSeats, 'countOf'>;
}

/** What projects may use, and what they do. */
export interface QuotaBook {
  readonly clock: Clock;
  limitsOf(project: string): ProjectLimits;
  used(quota: QuotaName, project: string): number;
  /** Every limit of a project with what is used of it, in the order of `QUOTAS`. */
  uses(project: string): readonly QuotaUse[];
  /** How many computes its project has besides one, which may not be on record. */
  countOthers(compute: Pick<Compute, 'id' | 'project'>): number;
  /** What is awake of these. */
  awakeOthers(compute: Pick<Compute, 'id' | 'project'>): AwakeUse;
  isOnRecord(computeId: string): boolean;
  noteWake(project: string): void;
}

const NO_LIMITS: ProjectLimits = {};

/**
 * Nothing is counted that could be lost: computes and sizes are those on record and their places, the month is the
 * ledger's, wakes are the log's, so that an agent that dies leaves nothing to repair.
 */
export function createQuotaBook(deps: QuotaDeps): QuotaBook {
  const { store, clock, journal, segments } = deps;
  const month = createMonthMeter({ store, segments, wallMs: () => clock.wallMs() });
  const wakes = createWakeRate(deps);
  journal.onChange((compute) => month.noteChange(compute));

  const limitsOf = (name: string): ProjectLimits => {
    const project = store.getProject(name);
    return project?.deletedAtMs !== null ? NO_LIMITS : project.limits;
  };

  function used(quota: QuotaName, project: string): number {
    switch (quota) {
      case 'computes':
        return countComputes(deps, project, null);
      case 'activeComputes':
      case 'activeCu':
        return awakeUse(deps, project, null)[quota];
      case 'cuPerCompute':
        return Math.max(0, ...store.listComputes({ project }).map(({ size }) => size.now));
      case 'activeSecondsPerMonth':
        return month.of(project).activeMs / 1000;
      case 'cuSecondsPerMonth':
        return month.of(project).cuMs / 1000;
      case 'storageBytes':
        return store.storageBytesOf(project);
      case 'sessions':
        return deps.seats().countOf(project);
      case 'wakesPerMinute':
        return wakes.of(project);
    }
  }

  return {
    clock,
    limitsOf,
    used,
    uses(project) {
      const limits = limitsOf(project);
      return QUOTAS.flatMap((quota) => {
        const limit = limits[quota];
        return limit === undefined ? [] : [{ quota, limit, used: used(quota, project) }];
      });
    },
    countOthers: ({ id, project }) => countComputes(deps, project, id),
    awakeOthers: ({ id, project }) => awakeUse(deps, project, id),
    isOnRecord: (computeId) => store.getCompute(computeId) !== null,
    noteWake: (project) => wakes.note(project),
  };
}
