import { WAKE_BOUNDS_MS } from '../../domain/index.ts';
import type { Store } from '../../store/index.ts';

/** Beyond any ledger. */
const EVER = { fromMs: 0, toMs: Date.UTC(9000, 0) };
const NAME = 'doze_wake_duration_seconds';

/**
 * How long the wakes of all computes took since the records begin, as a histogram; as text, since the library has none that was not
 * observed by itself.
 */
export function wakeHistogram(reader: Pick<Store, 'usageSums'>): string {
  const [sum] = reader.usageSums(EVER, { byCompute: false, per: null });
  const bounds = [...WAKE_BOUNDS_MS.map((bound) => String(bound / 1000)), '+Inf'];
  let wakes = 0;
  const buckets = bounds.map((bound, bucket) => {
    wakes += sum?.wakeCounts[bucket] ?? 0;
    return `${NAME}_bucket{le="${bound}"} ${wakes}`;
  });
  return [
    `# HELP ${NAME} How long wakes took, from the request to a server that answers.`,
    `# TYPE ${NAME} histogram`,
    ...buckets,
    `${NAME}_sum ${(sum?.wakeMs ?? 0) / 1000}`,
    `${NAME}_count ${wakes}`,
    '',
  ].join('\n');
}
