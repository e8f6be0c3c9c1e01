import { Registry } from 'prom-client';

import type { AgentCore } from '../running.ts';
import { addComputeMetrics } from './compute-metrics.ts';
import { addConnectionMetrics } from './connection-metrics.ts';
import { addStorageMetrics } from './storage-metrics.ts';

/** Made anew from what is known at each scrape: between scrapes it costs nothing, and it cannot go stale. */
export async function metricsText(core: AgentCore): Promise<string> {
  const registry = new Registry();
  const { storage, gateway } = await core.running;
  const computes = core.store.listComputes();
  addComputeMetrics(registry, computes);
  addConnectionMetrics(registry, [...(await gateway.connectionPools()).values()]);
  addStorageMetrics(registry, storage.list());
  return registry.metrics();
}
