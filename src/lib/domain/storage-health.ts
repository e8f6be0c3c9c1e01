/**
 * Best first; the worst of several findings counts. `unknown`: whether it can serve cannot be said, as it was never
 * checked, the check failed on our side, or the answers do not tell. Computes start on `healthy` and `degraded`.
 */
export const VERDICTS = ['healthy', 'degraded', 'unknown', 'unavailable'] as const;
export type Verdict = (typeof VERDICTS)[number];

export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>((worst, verdict) => (isWorse(verdict, worst) ? verdict : worst), 'healthy');
}

export function isWorse(verdict: Verdict, than: Verdict): boolean {
  return VERDICTS.indexOf(verdict) > VERDICTS.indexOf(than);
}

export function canServe(verdict: Verdict): boolean {
  return verdict === 'healthy' || verdict === 'degraded';
}

/** What was wrong with a request or its answer. `own`: this host could not even ask. */
export type StorageFault =
  | 'refused'
  | 'unresolved'
  | 'timeout'
  | 'lost'
  | 'certificate'
  | 'unauthorized'
  | 'status'
  | 'redirect'
  | 'contentType'
  | 'tooLarge'
  | 'malformed'
  | 'wrongService'
  | 'own';

/** What a Page Server says of itself; null is what it does not say. */
export interface PageServerFacts {
  readonly kind: 'pageServer';
  readonly version: string | null;
  readonly latestLsn: number | null;
  readonly storageType: string | null;
  readonly diskUsageBytes: number | null;
}

/** What a Safekeeper replica says of itself; null is what it does not say. */
export interface SafekeeperFacts {
  readonly kind: 'safekeeper';
  readonly version: string | null;
  readonly replicaId: string | null;
  /** Null where the flavour has no leader over HTTP. */
  readonly role: 'leader' | 'follower' | 'candidate' | null;
  readonly term: number | null;
  readonly latestLsn: number | null;
  readonly quorumSize: number | null;
  /** What members of one cluster share: the id of their default timeline. */
  readonly cluster: string | null;
}

export type EndpointFacts = PageServerFacts | SafekeeperFacts;

/** One look at one endpoint. */
export interface EndpointObservation {
  readonly endpoint: string;
  /** Wall time at its end. */
  readonly atMs: number;
  readonly latencyMs: number;
  readonly outcome:
    | { readonly kind: 'answered'; readonly facts: EndpointFacts }
    | { readonly kind: 'failed'; readonly fault: StorageFault; readonly message: string };
}

/** One reason for a verdict that is not `healthy`, worst first in a list. */
export interface StorageFinding {
  readonly verdict: Exclude<Verdict, 'healthy'>;
  readonly code:
    | 'neverChecked'
    | 'checkFailed'
    | 'noAnswer'
    | 'slow'
    | 'behindGroup'
    | 'aheadOfGroup'
    | 'incomplete'
    | 'noQuorum'
    | 'noLeader'
    | 'splitBrain'
    | 'staleLeader'
    | 'replicaMissing'
    | 'replicaBehind'
    | 'termsDiffer'
    | 'quorumSizesDiffer'
    | 'electing'
    | 'duplicateReplica'
    | 'mixedClusters';
  /** The endpoint that it is about; null for the whole. */
  readonly endpoint: string | null;
  /** A sentence for a person on call. */
  readonly message: string;
}

/** What is known of one registered service. */
export interface StorageHealth {
  readonly serviceId: string;
  readonly verdict: Verdict;
  /** Since when, wall time. */
  readonly sinceMs: number;
  readonly findings: readonly StorageFinding[];
  readonly endpoints: readonly EndpointHealth[];
  /** Safekeeper groups only. */
  readonly group: GroupHealth | null;
  readonly latestLsn: number | null;
  /** Of a Page Server behind its group, of a group's slowest answering replica behind its first. */
  readonly lag: number | null;
}

export interface GroupHealth {
  readonly leader: string | null;
  readonly term: number | null;
  readonly answering: number;
  readonly quorum: number;
  readonly replicas: number;
}

export interface EndpointHealth {
  readonly endpoint: string;
  /** The last look; null before the first. */
  readonly last: EndpointObservation | null;
  /** Of the last failed look, kept after it answers again. */
  readonly lastError: { readonly atMs: number; readonly fault: StorageFault; readonly message: string } | null;
  /** Behind the group's first, null where either is unknown. */
  readonly lag: number | null;
}

/** A verdict that has changed. */
export interface StorageChange {
  /** Wall time. */
  readonly atMs: number;
  /** Of the service. */
  readonly name: string;
  readonly verdict: Verdict;
  /** The worst finding; null when there is none. */
  readonly message: string | null;
}
