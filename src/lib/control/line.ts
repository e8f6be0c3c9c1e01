import { abortReason } from '../clock.ts';
import type { Compute } from '../domain/index.ts';
import { toDozeError, type DozeError } from '../errors/index.ts';
import type { HostUse } from './host-use.ts';
import type { Caller } from './outcome.ts';
import type { Place, Places } from './places.ts';
import { planTurns, waitSentence, type Need } from './plan-room.ts';

/** Who asks for room. */
export interface PlaceRequest {
  readonly compute: Pick<Compute, 'id' | 'name' | 'project' | 'driver'>;
  /** Asked anew whenever there may be room, as a size may change meanwhile; throws when the start is out of the question by then. */
  readonly need: () => Need;
}

/** Those that wait for room, in order of arrival, apart for each host. */
export interface Line {
  /** @throws what `need` throws, the reason of who is gone */
  join(request: PlaceRequest, caller: Caller): Promise<Place>;
  /** Looks again whose turn it is. */
  letIn(): void;
  at(host: string): readonly Waiter[];
  /** Where anybody waits. */
  hosts(): readonly string[];
  find(computeId: string): Waiter | null;
}

export interface Waiter extends PlaceRequest {
  readonly host: string;
  readonly grant: (place: Place) => void;
  readonly refuse: (error: unknown) => void;
  readonly onProgress: (message: string) => void;
  /** What it was last told, and needed then. */
  said: string | null;
  leastCu: number;
}

export function createLine(use: HostUse, places: Places, needOf: (request: PlaceRequest) => Need): Line {
  const waiters: Waiter[] = [];
  const hosts = (): readonly string[] => [...new Set(waiters.map(({ host }) => host))];

  function letInAt(host: string): void {
    while (!letInOnce(host));
  }

  /** @returns whether all was as it was planned: who is let in may take what their project has left, and then it is not */
  function letInOnce(host: string): boolean {
    const asking = waiters.filter((waiter) => waiter.host === host).flatMap(withNeed);
    for (const { waiter, need } of asking) if (need.mostCu === 0) admit(waiter, 0);
    const inLine = asking.filter(({ need }) => need.mostCu > 0);
    const turns = planTurns(
      use.freeCu(host),
      inLine.map(({ need }) => need),
    );
    for (const [at, { waiter, need }] of inLine.entries()) {
      const cu = turns[at];
      if (cu === undefined) {
        tell(waiter, need, at - turns.length);
        continue;
      }
      const [again] = withNeed(waiter);
      if (again === undefined || cu > again.need.mostCu) return false;
      admit(waiter, cu);
    }
    return true;
  }

  function withNeed(waiter: Waiter): { readonly waiter: Waiter; readonly need: Need }[] {
    try {
      return [{ waiter, need: needOf(waiter) }];
    } catch (error) {
      leave(waiter);
      waiter.refuse(error);
      return [];
    }
  }

  function admit(waiter: Waiter, cu: number): void {
    leave(waiter);
    const { id: computeId, project } = waiter.compute;
    waiter.grant(places.hold({ computeId, project, host: waiter.host, cu }));
  }

  function tell(waiter: Waiter, need: Need, before: number): void {
    const { host, said, onProgress } = waiter;
    waiter.leastCu = need.leastCu;
    waiter.said = waitSentence(need, { awakeCu: use.awakeCu(host), limitCu: use.limitCu(host), before });
    if (waiter.said !== said) onProgress(waiter.said);
  }

  function leave(waiter: Waiter): void {
    const at = waiters.indexOf(waiter);
    if (at >= 0) waiters.splice(at, 1);
  }

  function letIn(): void {
    for (const host of hosts()) letInAt(host);
  }

  return {
    join: (request, { gone, onProgress }) =>
      new Promise((resolve, reject) => {
        const onGone = (): void => {
          leave(waiter);
          reject(abortReason(gone));
          letIn();
        };
        const settle = (): void => gone.removeEventListener('abort', onGone);
        const waiter = createWaiter(request, {
          host: use.hostOf(request.compute),
          onProgress,
          settle,
          resolve,
          reject,
        });
        waiters.push(waiter);
        gone.addEventListener('abort', onGone, { once: true });
        if (gone.aborted) onGone();
        else letIn();
      }),
    letIn,
    at: (host) => waiters.filter((waiter) => waiter.host === host),
    hosts,
    find: (computeId) => waiters.find(({ compute }) => compute.id === computeId) ?? null,
  };
}

interface Standing extends Pick<Waiter, 'host' | 'onProgress'> {
  /** Before either of the two. */
  readonly settle: () => void;
  readonly resolve: (place: Place) => void;
  readonly reject: (error: DozeError) => void;
}

function createWaiter(request: PlaceRequest, { host, onProgress, settle, resolve, reject }: Standing): Waiter {
  return {
    ...request,
    host,
    onProgress,
    said: null,
    leastCu: 0,
    grant: (place) => {
      settle();
      resolve(place);
    },
    refuse: (error) => {
      settle();
      reject(toDozeError(error));
    },
  };
}
