import type { TopRow, TopView } from '../../api/client/index.ts';

/** A compute at one look, with what came in since the one before. */
export interface TopEntry extends TopRow {
  /** Null at the first look, and after the agent began to count anew. */
  readonly queriesPerSecond: number | null;
}

export interface TopLook extends Omit<TopView, 'computes'> {
  readonly computes: readonly TopEntry[];
}

/** @param elapsedMs between the two looks, by a clock that does not jump */
export function compareLooks(before: TopView | null, now: TopView, elapsedMs: number): TopLook {
  const counts = new Map(before?.computes.map(({ id, queries }) => [id, queries]));
  const computes = now.computes.map((row) => {
    const queriesPerSecond = before === null ? null : rate(counts.get(row.id) ?? 0, row.queries, elapsedMs);
    return { ...row, queriesPerSecond };
  });
  return { ...now, computes };
}

function rate(before: number, now: number, elapsedMs: number): number | null {
  if (elapsedMs <= 0 || now < before) return null;
  return Math.round(((now - before) / elapsedMs) * 10_000) / 10;
}
