import type { Clock } from '../clock.ts';
import type {
  EndpointHealth,
  EndpointObservation,
  StorageCredential,
  StorageHealth,
  StorageService,
} from '../domain/index.ts';
import { createClients } from './create-clients.ts';
import { judgeGroup, type GroupJudgement } from './judge-group.ts';
import { judgePageServer, type PageServerJudgement } from './judge-page-server.ts';
import { lookAt } from './look.ts';
import { settle, type Settled } from './settle.ts';

/** What is known of one service, and the looks that it comes from. */
export interface ServiceWatch {
  readonly service: StorageService;
  health(): StorageHealth;
  /** What the last look alone came to, and when it ended by the monotonic clock; null before the first. */
  lastLook(): { readonly judgement: Judgement; readonly endedMs: number } | null;
  /** How often the verdict has changed since the watch began. */
  verdictChanges(): number;
  /** Looks at every endpoint now; everybody who asks at the same time shares one look. */
  look(): Promise<StorageHealth>;
  close(): void;
}

export type Judgement = GroupJudgement | PageServerJudgement;

export interface ServiceWatchDeps {
  readonly clock: Clock;
  /** The furthest LSN of a group by its name, or null. */
  readonly lsnOfGroup: (name: string) => number | null;
  readonly onLook: (health: StorageHealth, before: StorageHealth) => void;
}

export function createServiceWatch(
  { clock, lsnOfGroup, onLook }: ServiceWatchDeps,
  service: StorageService,
  credential: StorageCredential | null,
): ServiceWatch {
  const clients = createClients(service, credential, () => clock.monotonicMs());
  const closing = new AbortController();
  const looks = new Map<string, EndpointObservation>();
  const lastErrors = new Map<string, NonNullable<EndpointHealth['lastError']>>();
  const startedAtMs = clock.wallMs();
  let verdictChanges = 0;
  let settled: Settled | null = null;
  let last: { judgement: Judgement; endedMs: number } | null = null;
  let underWay: Promise<StorageHealth> | null = null;

  const judge = (): Judgement => {
    if (service.kind === 'safekeepers') return judgeGroup(service, looks);
    const look = looks.get(service.endpoints[0] ?? '') ?? null;
    return judgePageServer(service, look, service.safekeepers === null ? null : lsnOfGroup(service.safekeepers));
  };
  const note = (observation: EndpointObservation): void => {
    looks.set(observation.endpoint, observation);
    if (observation.outcome.kind === 'answered') return;
    const { fault, message } = observation.outcome;
    lastErrors.set(observation.endpoint, { atMs: observation.atMs, fault, message });
  };
  const health = (): StorageHealth => {
    const judgement = last?.judgement ?? judge();
    return {
      serviceId: service.id,
      verdict: settled?.verdict ?? judgement.verdict,
      sinceMs: settled?.sinceMs ?? startedAtMs,
      findings: judgement.findings,
      endpoints: service.endpoints.map((endpoint) => ({
        endpoint,
        last: looks.get(endpoint) ?? null,
        lastError: lastErrors.get(endpoint) ?? null,
        lag: ('lags' in judgement ? judgement.lags.get(endpoint) : judgement.lag) ?? null,
      })),
      group: 'group' in judgement ? judgement.group : null,
      latestLsn: judgement.latestLsn,
      lag: judgement.lag,
    };
  };
  const lookNow = async (): Promise<StorageHealth> => {
    const before = health();
    // Each is noted as it comes: a slow one holds up the verdict, and nobody's facts.
    const looking = clients.map(async (client) =>
      note(await lookAt(clock, client, service.deadlineMs, closing.signal)),
    );
    await Promise.all(looking);
    if (closing.signal.aborted) return before;
    const judgement = judge();
    settled = settle(settled, judgement.verdict, clock.wallMs());
    last = { judgement, endedMs: clock.monotonicMs() };
    const now = health();
    if (now.verdict !== before.verdict) verdictChanges += 1;
    onLook(now, before);
    return now;
  };

  return {
    service,
    health,
    lastLook: () => last,
    verdictChanges: () => verdictChanges,
    look: () => (underWay ??= lookNow().finally(() => (underWay = null))),
    close: () => {
      closing.abort();
      for (const client of clients) client[Symbol.dispose]();
    },
  };
}
