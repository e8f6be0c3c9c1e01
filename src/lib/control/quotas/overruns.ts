import type { Project, QuotaName, QuotaUse } from '../../domain/index.ts';
import type { Core } from '../core.ts';
import { isOverrun } from './plan-overrun.ts';

/** Since when projects have been over their quotas, on the monotonic clock. */
export interface Overruns {
  /** @returns since when it is; null if it is not */
  note(project: Project, use: QuotaUse): number | null;
  /** After a look at all projects: a limit that is there no more leaves nothing behind for the next of its kind. */
  endLook(): void;
}

/**
 * An agent that has just begun takes the time from the record, so that its end gives nobody another grace period. From then
 * on it knows better: one that was below its limit in between begins anew.
 */
export function createOverruns({ clock }: Pick<Core, 'clock'>): Overruns {
  let since = new Map<string, number | null>();
  let noted = new Map<string, number | null>();
  return {
    note(project, use) {
      const key = `${project.name}/${use.quota}`;
      const known = since.get(key);
      const sinceMs = isOverrun(use) ? (known ?? beganMs(project, use.quota, known === undefined)) : null;
      noted.set(key, sinceMs);
      return sinceMs;
    },
    endLook() {
      since = noted;
      noted = new Map();
    },
  };

  function beganMs({ notes }: Project, quota: QuotaName, isFirstLook: boolean): number {
    const note = notes[quota];
    const agoMs = isFirstLook && note?.level === 'reached' ? Math.max(0, clock.wallMs() - note.atMs) : 0;
    return clock.monotonicMs() - agoMs;
  }
}
