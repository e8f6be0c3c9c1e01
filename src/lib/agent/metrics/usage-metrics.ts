import { Counter, type Registry } from 'prom-client';

import type { UsageTotals } from '../../metering/index.ts';

const HOUR_SECONDS = 3600;

/** What all computes have used since the records begin; whose it was is in the report, as names have no bound. */
export function addUsageMetrics(registry: Registry, usage: UsageTotals): void {
  const count = (name: string, help: string, value: number): void => {
    new Counter({ name: `doze_usage_${name}_total`, help, registers: [registry] }).inc(value);
  };
  count('active_seconds', 'Seconds that computes were active.', usage.activeSeconds);
  count('cu_seconds', 'Seconds that computes were active, times their size in compute units.', usage.cuSeconds);
  count('frozen_seconds', 'Seconds that computes slept frozen.', usage.frozenSeconds);
  count('hibernated_seconds', 'Seconds that computes slept hibernated.', usage.hibernatedSeconds);
  count(
    'storage_byte_seconds',
    'Bytes of data times the seconds they were kept.',
    usage.storageByteHours * HOUR_SECONDS,
  );
  count('received_bytes', 'Bytes that clients sent.', usage.bytesIn);
  count('sent_bytes', 'Bytes that were sent to clients.', usage.bytesOut);
  count('queries', 'Commands of clients.', usage.queries);
  count('wakes', 'Wakes by clients.', usage.wakes);
}
