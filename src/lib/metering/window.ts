export const HOUR_MS = 3_600_000;

export interface Window {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** A window as the ledger reads it. */
export interface WindowParts {
  /** Whole hours, which are rolled up; null if there are none. */
  readonly hours: Window | null;
  /** Parts of an hour at either end, for which segments are looked at. */
  readonly edges: readonly Window[];
  /** The hour that begins inside and ends outside; null if none does. */
  readonly lastHour: Window | null;
}

export function splitWindow({ sinceMs, untilMs }: Window): WindowParts {
  const firstMs = Math.ceil(sinceMs / HOUR_MS) * HOUR_MS;
  const lastMs = hourOf(untilMs);
  if (sinceMs >= untilMs) return { hours: null, edges: [], lastHour: null };
  if (firstMs > lastMs) return { hours: null, edges: [{ sinceMs, untilMs }], lastHour: null };
  const edges = [
    { sinceMs, untilMs: firstMs },
    { sinceMs: lastMs, untilMs },
  ];
  return {
    hours: firstMs < lastMs ? { sinceMs: firstMs, untilMs: lastMs } : null,
    edges: edges.filter((edge) => edge.sinceMs < edge.untilMs),
    lastHour: lastMs < untilMs ? { sinceMs: lastMs, untilMs: lastMs + HOUR_MS } : null,
  };
}

export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}
