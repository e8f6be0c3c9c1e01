import type { Compute, EndpointHealth, StorageChange, StorageHealth, StorageService } from '../domain/index.ts';
import type { StorageView } from './contract.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';

/** A registered service with what is known of it; its credential stays where it is. */
export function storageView(
  service: StorageService,
  health: StorageHealth,
  { changes, computes }: { readonly changes: readonly StorageChange[]; readonly computes: readonly Compute[] },
): StorageView {
  const { name, kind, flavour, safekeepers, hasCredential, lagLimit } = service;
  const { verdict, findings, latestLsn, lag, group } = health;
  return {
    name,
    kind,
    flavour,
    safekeepers,
    hasCredential,
    hasCertificateAuthority: service.certificateAuthority !== null,
    deadlineSeconds: service.deadlineMs / 1000,
    intervalSeconds: service.intervalMs / 1000,
    lagLimit,
    addedAt: isoTime(service.addedAtMs),
    verdict,
    since: isoTime(health.sinceMs),
    findings: [...findings],
    latestLsn,
    lag,
    group,
    endpoints: health.endpoints.map(endpointView),
    computes: computes
      .filter(({ storage }) => storage?.pageServer === name || storage?.safekeepers === name)
      .map((compute) => ({ project: compute.project, name: compute.name, state: compute.state }))
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
    history: changes.map((change) => ({ at: isoTime(change.atMs), verdict: change.verdict, message: change.message })),
  };
}

function endpointView({ endpoint, last, lastError, lag }: EndpointHealth): StorageView['endpoints'][number] {
  const facts = last?.outcome.kind === 'answered' ? last.outcome.facts : null;
  const replica = facts?.kind === 'safekeeper' ? facts : null;
  return {
    url: endpoint,
    state: last === null ? 'unchecked' : facts === null ? 'fails' : 'answers',
    checkedAt: isoTimeOrNull(last?.atMs ?? null),
    latencyMs: last === null ? null : Math.round(last.latencyMs * 10) / 10,
    version: facts?.version ?? null,
    replicaId: replica?.replicaId ?? null,
    role: replica?.role ?? null,
    term: replica?.term ?? null,
    latestLsn: facts?.latestLsn ?? null,
    lag,
    diskUsedBytes: facts?.kind === 'pageServer' ? facts.diskUsageBytes : null,
    lastError:
      lastError === null ? null : { at: isoTime(lastError.atMs), fault: lastError.fault, message: lastError.message },
  };
}
