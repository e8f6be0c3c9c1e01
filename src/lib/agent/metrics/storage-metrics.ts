import { Counter, Gauge, type Registry } from 'prom-client';

import { VERDICTS } from '../../domain/index.ts';
import type { ServiceWatch } from '../../storage/index.ts';

/** The storage tier as it was last seen. What is not known has no sample. */
export function addStorageMetrics(registry: Registry, watches: readonly ServiceWatch[]): void {
  const registers = [registry];
  const verdict = new Gauge({
    name: 'doze_storage_verdict',
    help: 'Whether this is the verdict on the storage service: 1 or 0.',
    labelNames: ['service', 'kind', 'verdict'] as const,
    registers,
  });
  const changes = new Counter({
    name: 'doze_storage_verdict_changes_total',
    help: 'Changes of the verdict since the agent started.',
    labelNames: ['service'] as const,
    registers,
  });
  const lag = new Gauge({
    name: 'doze_storage_lag_bytes',
    help: 'Bytes of log that the service, or the slowest replica that answers, is behind.',
    labelNames: ['service'] as const,
    registers,
  });
  for (const watch of watches) {
    const { name: service, kind } = watch.service;
    const health = watch.health();
    for (const known of VERDICTS) verdict.set({ service, kind, verdict: known }, known === health.verdict ? 1 : 0);
    changes.inc({ service }, watch.verdictChanges());
    if (health.lag !== null) lag.set({ service }, health.lag);
  }
  addEndpointMetrics(registry, watches);
}

function addEndpointMetrics(registry: Registry, watches: readonly ServiceWatch[]): void {
  const labelNames = ['service', 'endpoint'] as const;
  const registers = [registry];
  const up = new Gauge({
    name: 'doze_storage_endpoint_up',
    help: 'Whether the endpoint answered the last look: 1 or 0.',
    labelNames,
    registers,
  });
  const latency = new Gauge({
    name: 'doze_storage_endpoint_latency_seconds',
    help: 'How long the last look at the endpoint took.',
    labelNames,
    registers,
  });
  const lsn = new Gauge({
    name: 'doze_storage_endpoint_lsn_bytes',
    help: 'The latest position in the log that the endpoint has.',
    labelNames,
    registers,
  });
  const used = new Gauge({
    name: 'doze_storage_endpoint_disk_used_bytes',
    help: 'Bytes that the Page Server takes on its disk, for all whose data it has.',
    labelNames,
    registers,
  });
  for (const watch of watches) {
    for (const { endpoint, last } of watch.health().endpoints) {
      if (last === null) continue;
      const labels = { service: watch.service.name, endpoint };
      latency.set(labels, last.latencyMs / 1000);
      up.set(labels, last.outcome.kind === 'answered' ? 1 : 0);
      if (last.outcome.kind !== 'answered') continue;
      const { facts } = last.outcome;
      if (facts.latestLsn !== null) lsn.set(labels, facts.latestLsn);
      if (facts.kind === 'pageServer' && facts.diskUsageBytes !== null) used.set(labels, facts.diskUsageBytes);
    }
  }
}
