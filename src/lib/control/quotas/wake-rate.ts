import type { Clock } from '../../clock.ts';
import type { Store } from '../../store/index.ts';

const WINDOW_MS = 60_000;
/** Of starts in the log, looked through by an agent that has just begun. */
const MOST_READ = 2_000;

/** How often clients woke computes of a project within the last minute. */
export interface WakeRate {
  of(project: string): number;
  note(project: string): void;
}

/** What was before this agent is read from the log, so that its end lets nobody in. */
export function createWakeRate({ clock, store }: { clock: Clock; store: Pick<Store, 'listEvents'> }): WakeRate {
  let wakes: Map<string, number[]> | null = null;

  function of(project: string): number[] {
    wakes ??= readWakes({ clock, store });
    const fromMs = clock.monotonicMs() - WINDOW_MS;
    const recent = (wakes.get(project) ?? []).filter((atMs) => atMs > fromMs);
    if (recent.length === 0) wakes.delete(project);
    else wakes.set(project, recent);
    return recent;
  }

  return {
    of: (project) => of(project).length,
    note(project) {
      // Nobody has asked yet: it will be read from the log.
      if (wakes === null) return;
      wakes.set(project, [...of(project), clock.monotonicMs()]);
    },
  };
}

function readWakes({ clock, store }: { clock: Clock; store: Pick<Store, 'listEvents'> }): Map<string, number[]> {
  const wakes = new Map<string, number[]>();
  const offsetMs = clock.monotonicMs() - clock.wallMs();
  for (const { event, project, atMs } of store.listEvents({ types: ['resumeRequested'], limit: MOST_READ })) {
    if (event.type !== 'resumeRequested' || event.cause !== 'wake') continue;
    const list = wakes.get(project) ?? [];
    list.push(Math.min(clock.monotonicMs(), atMs + offsetMs));
    wakes.set(project, list);
  }
  return wakes;
}
