import {
  quorumOf,
  worstOf,
  type EndpointObservation,
  type GroupHealth,
  type SafekeeperFacts,
  type StorageFinding,
  type StorageService,
  type Verdict,
} from '../domain/index.ts';
import { describeLsn } from './describe-lsn.ts';
import { orderFindings } from './order-findings.ts';

/** What one look at all replicas of a group comes to. */
export interface GroupJudgement {
  readonly verdict: Verdict;
  readonly findings: readonly StorageFinding[];
  readonly group: GroupHealth;
  readonly latestLsn: number | null;
  readonly lag: number | null;
  /** By endpoint: behind the group's first. */
  readonly lags: ReadonlyMap<string, number>;
}

interface Replica {
  readonly endpoint: string;
  readonly facts: SafekeeperFacts;
}

/**
 * Whether a group of Safekeepers takes log that it will not lose. A replica that answers is no proof: it does so
 * without a quorum too. What counts is how many answer, and exactly one leader in the highest term.
 */
export function judgeGroup(
  service: Pick<StorageService, 'endpoints' | 'flavour' | 'lagLimit'>,
  looks: ReadonlyMap<string, EndpointObservation>,
): GroupJudgement {
  const replicas = answering(service.endpoints, looks);
  const members = withoutDuplicates(replicas);
  const quorum = quorumOf(service.endpoints.length);
  const leadership = hasLeaders(service.flavour) ? judgeLeadership(members) : NO_LEADERSHIP;
  const { latestLsn, lags } = lagsOf(members);
  const findings = [
    ...judgeQuorum(service.endpoints, looks, members.length, quorum),
    ...judgeMissing(service.endpoints, looks),
    ...judgeMembership(replicas),
    // With fewer than a quorum, who leads them says nothing.
    ...(members.length < quorum ? [] : leadership.findings),
    ...judgeAgreement(members, quorum),
    ...judgeLags(service, members, lags),
  ];
  return {
    verdict: worstOf(findings.map(({ verdict }) => verdict)),
    findings: orderFindings(findings),
    group: {
      leader: leadership.leader,
      term: leadership.term,
      answering: members.length,
      quorum,
      replicas: service.endpoints.length,
    },
    latestLsn,
    lag: lags.size === 0 ? null : Math.max(...lags.values()),
    lags,
  };
}

/** Neon's Safekeepers elect no leader that HTTP would tell of: a majority that answers is their health. */
function hasLeaders(flavour: StorageService['flavour']): boolean {
  return flavour === 'serverless-mariadb';
}

function answering(endpoints: readonly string[], looks: ReadonlyMap<string, EndpointObservation>): Replica[] {
  return endpoints.flatMap((endpoint) => {
    const outcome = looks.get(endpoint)?.outcome;
    return outcome?.kind === 'answered' && outcome.facts.kind === 'safekeeper'
      ? [{ endpoint, facts: outcome.facts }]
      : [];
  });
}

/** A replica that is registered under two addresses has one vote. */
function withoutDuplicates(replicas: readonly Replica[]): Replica[] {
  const seen = new Set<string>();
  return replicas.filter(({ facts: { replicaId } }) => {
    if (replicaId === null) return true;
    if (seen.has(replicaId)) return false;
    seen.add(replicaId);
    return true;
  });
}

function judgeQuorum(
  endpoints: readonly string[],
  looks: ReadonlyMap<string, EndpointObservation>,
  members: number,
  quorum: number,
): StorageFinding[] {
  if (members >= quorum) return [];
  const unsure = endpoints.filter((endpoint) => isUnsure(looks.get(endpoint))).length;
  const count = `${members} of ${endpoints.length} replicas answer, and ${quorum} must`;
  if (members + unsure >= quorum) {
    const code = looks.size === 0 ? ('neverChecked' as const) : ('checkFailed' as const);
    return [{ verdict: 'unknown', code, endpoint: null, message: `${count}; ${unsure} could not be asked from here` }];
  }
  return [{ verdict: 'unavailable', code: 'noQuorum', endpoint: null, message: `no quorum: ${count}` }];
}

/** Not asked yet, or not able to ask: it may be well all the same. */
function isUnsure(look: EndpointObservation | undefined): boolean {
  return look === undefined || (look.outcome.kind === 'failed' && look.outcome.fault === 'own');
}

function judgeMissing(endpoints: readonly string[], looks: ReadonlyMap<string, EndpointObservation>): StorageFinding[] {
  return endpoints.flatMap((endpoint): StorageFinding[] => {
    const outcome = looks.get(endpoint)?.outcome;
    if (outcome?.kind !== 'failed') return [];
    const { message } = outcome;
    return outcome.fault === 'own'
      ? [{ verdict: 'degraded', code: 'checkFailed', endpoint, message: `could not be asked from here: ${message}` }]
      : [{ verdict: 'degraded', code: 'replicaMissing', endpoint, message: `does not answer: ${message}` }];
  });
}

function judgeMembership(replicas: readonly Replica[]): StorageFinding[] {
  const findings: StorageFinding[] = [];
  const first = new Map<string, string>();
  for (const { endpoint, facts } of replicas) {
    if (facts.replicaId === null) continue;
    const other = first.get(facts.replicaId);
    if (other === undefined) first.set(facts.replicaId, endpoint);
    else {
      const message = `is replica "${facts.replicaId}", which ${other} is too: one vote, not two`;
      findings.push({ verdict: 'degraded', code: 'duplicateReplica', endpoint, message });
    }
  }
  const clusters = new Set(replicas.flatMap(({ facts }) => facts.cluster ?? []));
  if (clusters.size > 1) {
    const message = `the replicas belong to different clusters: ${[...clusters].sort().join(', ')}`;
    findings.push({ verdict: 'unavailable', code: 'mixedClusters', endpoint: null, message });
  }
  return findings;
}

interface Leadership {
  readonly leader: string | null;
  readonly term: number | null;
  readonly findings: readonly StorageFinding[];
}

const NO_LEADERSHIP: Leadership = { leader: null, term: null, findings: [] };

function judgeLeadership(members: readonly Replica[]): Leadership {
  const told = members.filter(({ facts }) => facts.role !== null && facts.term !== null);
  if (told.length === 0) {
    const message = 'no replica says its role and term, so nobody can tell who leads';
    return { ...NO_LEADERSHIP, findings: [{ verdict: 'unknown', code: 'incomplete', endpoint: null, message }] };
  }
  const term = Math.max(...told.map(({ facts }) => facts.term ?? 0));
  const leaders = told.filter(({ facts }) => facts.role === 'leader');
  const current = leaders.filter(({ facts }) => facts.term === term);
  const stale = leaders.filter(({ facts }) => facts.term !== term);
  const [leader] = current;
  const findings = [...judgeLeaders(current, told, term), ...stale.map((replica) => staleLeader(replica, term))];
  return { leader: current.length === 1 ? (leader?.endpoint ?? null) : null, term, findings };
}

function judgeLeaders(current: readonly Replica[], told: readonly Replica[], term: number): StorageFinding[] {
  if (current.length === 1) return [];
  if (current.length > 1) {
    const who = current.map(({ endpoint }) => endpoint).join(' and ');
    const message = `split brain: ${who} both lead in term ${term}`;
    return [{ verdict: 'unavailable', code: 'splitBrain', endpoint: null, message }];
  }
  const isElecting = told.some(({ facts }) => facts.role === 'candidate');
  const message = `no leader in term ${term}${isElecting ? ': an election is under way' : ''}`;
  return [{ verdict: 'unavailable', code: isElecting ? 'electing' : 'noLeader', endpoint: null, message }];
}

function staleLeader({ endpoint, facts }: Replica, term: number): StorageFinding {
  const message = `still takes itself for the leader of term ${facts.term ?? 'unknown'}, and the group is in term ${term}`;
  return { verdict: 'degraded', code: 'staleLeader', endpoint, message };
}

/** On the term, and on how many of them make a quorum. */
function judgeAgreement(members: readonly Replica[], quorum: number): StorageFinding[] {
  const terms = new Set(members.flatMap(({ facts }) => facts.term ?? []));
  const sizes = new Set(members.flatMap(({ facts }) => facts.quorumSize ?? []));
  const list = (values: ReadonlySet<number>): string => [...values].sort((a, b) => a - b).join(' and ');
  const findings: StorageFinding[] = [];
  if (terms.size > 1) {
    const message = `the replicas disagree on the term: ${list(terms)}`;
    findings.push({ verdict: 'degraded', code: 'termsDiffer', endpoint: null, message });
  }
  if (sizes.size > 1 || (sizes.size === 1 && !sizes.has(quorum))) {
    const message = `the replicas take ${list(sizes)} for a quorum; of those registered here it is ${quorum}`;
    findings.push({ verdict: 'degraded', code: 'quorumSizesDiffer', endpoint: null, message });
  }
  return findings;
}

function lagsOf(members: readonly Replica[]): { latestLsn: number | null; lags: Map<string, number> } {
  const known = members.flatMap(({ endpoint, facts: { latestLsn } }) =>
    latestLsn === null ? [] : [{ endpoint, latestLsn }],
  );
  if (known.length === 0) return { latestLsn: null, lags: new Map() };
  const latestLsn = Math.max(...known.map((replica) => replica.latestLsn));
  return { latestLsn, lags: new Map(known.map((replica) => [replica.endpoint, latestLsn - replica.latestLsn])) };
}

function judgeLags(
  { flavour, lagLimit }: Pick<StorageService, 'flavour' | 'lagLimit'>,
  members: readonly Replica[],
  lags: ReadonlyMap<string, number>,
): StorageFinding[] {
  return members.flatMap(({ endpoint }): StorageFinding[] => {
    const lag = lags.get(endpoint);
    if (lag === undefined) {
      if (!hasLeaders(flavour)) return [];
      const message = 'does not say its LSN, so nobody can tell whether it is behind';
      return [{ verdict: 'degraded', code: 'incomplete', endpoint, message }];
    }
    if (lag <= lagLimit) return [];
    return [
      { verdict: 'degraded', code: 'replicaBehind', endpoint, message: `is ${describeLsn(lag)} behind the group` },
    ];
  });
}
