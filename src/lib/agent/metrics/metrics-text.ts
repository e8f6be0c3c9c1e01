import { Registry } from 'prom-client';

import { usageInAll } from '../../metering/index.ts';
import type { AgentCore } from '../running.ts';
import { addComputeMetrics } from './compute-metrics.ts';
import { addConnectionMetrics } from './connection-metrics.ts';
import { addStorageMetrics } from './storage-metrics.ts';
import { addUsageMetrics } from './usage-metrics.ts';
import { wakeHistogram } from './wake-metrics.ts';

/** Made anew from what is known at each scrape: between scrapes it costs nothing, and it cannot go stale. */
export async function metricsText(core: AgentCore): Promise<string> {
  const registry = new Registry();
  const { storage, gateway, control } = await core.running;
  const computes = core.store.listComputes();
  addComputeMetrics(registry, computes);
  addConnectionMetrics(registry, [...(await gateway.connectionPools()).values()]);
  addStorageMetrics(registry, storage.list());
  const everything = { sinceMs: 0, untilMs: core.clock.wallMs() };
  addUsageMetrics(
    registry,
    usageInAll(core.store, everything, (segment) => control.openLengthMs(segment)),
  );
  return `${await registry.metrics()}\n${wakeHistogram(core.store)}`;
}
