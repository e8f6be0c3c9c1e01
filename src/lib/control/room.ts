import { createDeadline } from '../clock.ts';
import { formatDuration, type Compute } from '../domain/index.ts';
import type { AwakeList } from './awake-list.ts';
import { hostFull, hostTooSmall } from './host-errors.ts';
import { createHostUse, type HostDeps } from './host-use.ts';
import type { Journal } from './journal.ts';
import { createLine, type PlaceRequest } from './line.ts';
import type { Caller } from './outcome.ts';
import type { Place, Places } from './places.ts';
import { fittingCu, growableCu, type MissingRoom, type Need } from './plan-room.ts';
import type { Quotas } from './quotas/quotas.ts';

export interface HostRoom {
  readonly host: string;
  /** Null is no limit. */
  readonly limitCu: number | null;
  readonly awakeCu: number;
  /** How many starts wait. */
  readonly waiting: number;
}

/**
 * What each host has to give, and who waits for it. Nothing is counted up and down: what is in use is what is awake on
 * record and the places of those on their way to a record, so nothing can be lost.
 */
export interface Room {
  /** At once, where there is room and nobody waits; else null. @throws HOST_TOO_SMALL, QUOTA_EXCEEDED, QUOTA_IN_USE */
  tryTake(request: PlaceRequest): Place | null;
  /**
   * A place in turn. The caller is told why, and again whenever that changes.
   * @throws HOST_TOO_SMALL, HOST_FULL when there is none for a long time, QUOTA_EXCEEDED, QUOTA_IN_USE, what `need` throws,
   * the reason of who is gone
   */
  take(request: PlaceRequest, caller: Caller): Promise<Place>;
  /** One that is awake keeps what it has until this is disposed, whatever becomes of its record; null if it is not awake. */
  keep(compute: Compute): Place | null;
  /** The size that one that is awake may grow to at this moment. */
  growableCu(compute: Compute, wantedCu: number): number;
  /** Why the compute does not start yet; null if it does not wait. */
  whyWaiting(computeId: string): string | null;
  /** Of its host; null is none. */
  limitCu(compute: Pick<Compute, 'driver'>): number | null;
  /** Why it may not grow to that size, for people. */
  whyBound(compute: Compute, wantedCu: number): string;
  hosts(): readonly HostRoom[];
  /** Looks again who may start. */
  letIn(): void;
  /** What the first that waits lacks, less what is on its way out; empty where nobody waits. */
  missing(): readonly MissingRoom[];
  hostOf(compute: Pick<Compute, 'driver'>): string;
}

interface RoomParts {
  readonly journal: Pick<Journal, 'onChange'>;
  readonly awake: AwakeList;
  readonly places: Places;
  /** Who may not start by what its project has left does not wait for its host. */
  readonly quotas: Pick<Quotas, 'needWithin' | 'growableCu' | 'whyBound'>;
}

export function createRoom(deps: HostDeps, { journal, awake, places, quotas }: RoomParts): Room {
  const use = createHostUse(deps, awake, places);
  const line = createLine(use, places, needOf);
  places.onFreed(() => line.letIn());
  journal.onChange(() => line.letIn());

  /** One that is awake by now, as somebody else asked for it too, takes no more than it has. */
  function needOf({ compute, need: ask }: PlaceRequest): Need {
    if (awake.has(compute.id)) return { leastCu: 0, mostCu: 0 };
    const need = quotas.needWithin(compute, ask());
    const limitCu = use.limitCu(use.hostOf(compute));
    if (need.leastCu > limitCu) throw hostTooSmall(compute, need.leastCu, limitCu);
    return need;
  }

  const isAwaited = (host: string): boolean => line.at(host).length > 0;
  const whyWaiting = (computeId: string): string | null => line.find(computeId)?.said ?? null;

  return {
    tryTake(request) {
      const host = use.hostOf(request.compute);
      const need = needOf(request);
      if (need.mostCu > 0 && isAwaited(host)) return null;
      const cu = fittingCu(need.mostCu === 0 ? 0 : use.freeCu(host), need);
      const { id: computeId, project } = request.compute;
      return cu === null ? null : places.hold({ computeId, project, host, cu });
    },
    async take(request, { gone, onProgress }) {
      const limitMs = deps.settings.turnTimeoutMs;
      using deadline = createDeadline(
        limitMs,
        () => hostFull(request.compute, whyWaiting(request.compute.id), formatDuration(limitMs)),
        gone,
      );
      return await line.join(request, { gone: deadline.signal, onProgress });
    },
    keep: (compute) =>
      awake.has(compute.id)
        ? places.hold({
            computeId: compute.id,
            project: compute.project,
            host: use.hostOf(compute),
            cu: compute.size.now,
          })
        : null,
    growableCu(compute, wantedCu) {
      const host = use.hostOf(compute);
      const cu = growableCu(compute.size.now, wantedCu, { freeCu: use.freeCu(host), isAwaited: isAwaited(host) });
      return Math.min(cu, quotas.growableCu(compute, wantedCu));
    },
    whyWaiting,
    letIn: () => line.letIn(),
    limitCu: (compute) => finite(use.limitCu(use.hostOf(compute))),
    whyBound(compute, wantedCu) {
      const quota = quotas.whyBound(compute, wantedCu);
      if (quota !== null) return quota;
      const host = use.hostOf(compute);
      const { length: waiting } = line.at(host);
      const andWho = waiting === 0 ? '' : `, ${waiting} ${waiting === 1 ? 'waits' : 'wait'} to start`;
      return `${use.awakeCu(host)} of ${use.limitCu(host)} CU are awake${andWho}`;
    },
    hosts: () =>
      use.all().map((host) => ({
        host,
        limitCu: finite(use.limitCu(host)),
        awakeCu: use.awakeCu(host),
        waiting: line.at(host).length,
      })),
    missing: () =>
      line.hosts().map((host) => {
        const leastCu = line.at(host)[0]?.leastCu ?? 0;
        return { host, cu: leastCu - use.freeCu(host) - use.leavingCu(host) };
      }),
    hostOf: (compute) => use.hostOf(compute),
  };
}

function finite(limitCu: number): number | null {
  return Number.isFinite(limitCu) ? limitCu : null;
}
