import type {
  EndpointObservation,
  PageServerFacts,
  SafekeeperFacts,
  StorageFault,
} from '../../../src/lib/domain/index.ts';

export function replicaFacts(facts: Partial<SafekeeperFacts> = {}): SafekeeperFacts {
  return {
    kind: 'safekeeper',
    version: '1.0.0',
    replicaId: null,
    role: 'follower',
    term: 7,
    latestLsn: 1_000,
    quorumSize: null,
    cluster: null,
    ...facts,
  };
}

export function pageServerFacts(facts: Partial<PageServerFacts> = {}): PageServerFacts {
  return {
    kind: 'pageServer',
    version: '1.0.0',
    latestLsn: 1_000,
    storageType: 'file',
    diskUsageBytes: null,
    ...facts,
  };
}

export function answered(
  endpoint: string,
  facts: SafekeeperFacts | PageServerFacts,
  latencyMs = 3,
): EndpointObservation {
  return { endpoint, atMs: 0, latencyMs, outcome: { kind: 'answered', facts } };
}

export function failed(endpoint: string, fault: StorageFault = 'refused'): EndpointObservation {
  return { endpoint, atMs: 0, latencyMs: 3, outcome: { kind: 'failed', fault, message: `for ${fault}` } };
}
