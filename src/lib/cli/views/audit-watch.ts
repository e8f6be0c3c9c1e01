import type { AuditView } from '../../api/client/index.ts';

/** What follows the audit trail: an entry is shown once it has its end. */
export interface AuditWatch {
  /** Those to show now, of what was found. */
  take(entries: readonly AuditView[]): readonly AuditView[];
  /** Only what has a higher number is still of interest. */
  after(): number;
}

/** No operation takes longer: one that has no end by then will have none, as its agent died. */
const LONGEST_MS = 20 * 60_000;

export function createAuditWatch(nowMs: () => number): AuditWatch {
  const shown = new Set<number>();
  let after = 0;
  return {
    take(entries) {
      const isOpen = ({ at, status }: AuditView): boolean => status === null && nowMs() - Date.parse(at) < LONGEST_MS;
      const fresh = entries.filter((entry) => !shown.has(entry.seq) && !isOpen(entry));
      for (const { seq } of fresh) shown.add(seq);
      const firstOpen = entries.find(isOpen);
      after = firstOpen === undefined ? (entries.at(-1)?.seq ?? after) : firstOpen.seq - 1;
      for (const seq of shown) if (seq <= after) shown.delete(seq);
      return fresh;
    },
    after: () => after,
  };
}
