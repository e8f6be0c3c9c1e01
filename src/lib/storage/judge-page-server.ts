import {
  worstOf,
  type EndpointObservation,
  type StorageFinding,
  type StorageService,
  type Verdict,
} from '../domain/index.ts';
import { describeLsn } from './describe-lsn.ts';
import { orderFindings } from './order-findings.ts';

/** What one look at a Page Server comes to. */
export interface PageServerJudgement {
  readonly verdict: Verdict;
  readonly findings: readonly StorageFinding[];
  readonly latestLsn: number | null;
  /** Behind the group that it follows; null without one, or where either LSN is unknown. */
  readonly lag: number | null;
}

/** Slow is more than this part of the deadline: the next one may be too late. */
const SLOW_PART = 0.5;

/** @param groupLsn the furthest LSN of the group that it follows, or null */
export function judgePageServer(
  service: Pick<StorageService, 'endpoints' | 'flavour' | 'lagLimit' | 'deadlineMs' | 'safekeepers'>,
  look: EndpointObservation | null,
  groupLsn: number | null,
): PageServerJudgement {
  const endpoint = service.endpoints[0] ?? null;
  const alone = (finding: Omit<StorageFinding, 'endpoint'>): PageServerJudgement => ({
    verdict: finding.verdict,
    findings: [{ ...finding, endpoint }],
    latestLsn: null,
    lag: null,
  });
  if (look === null) return alone({ verdict: 'unknown', code: 'neverChecked', message: 'was not checked yet' });
  const { outcome } = look;
  if (outcome.kind === 'failed') {
    return outcome.fault === 'own'
      ? alone({ verdict: 'unknown', code: 'checkFailed', message: `could not be asked from here: ${outcome.message}` })
      : alone({ verdict: 'unavailable', code: 'noAnswer', message: `does not answer: ${outcome.message}` });
  }
  const { latestLsn } = outcome.facts;
  const findings = [
    ...judgeLatency(look, service.deadlineMs),
    ...(service.flavour === 'neon' ? [] : judgeLsn(service, endpoint, latestLsn, groupLsn)),
  ];
  return {
    verdict: worstOf(findings.map(({ verdict }) => verdict)),
    findings: orderFindings(findings),
    latestLsn,
    lag: latestLsn === null || groupLsn === null ? null : Math.max(0, groupLsn - latestLsn),
  };
}

function judgeLatency({ endpoint, latencyMs }: EndpointObservation, deadlineMs: number): StorageFinding[] {
  if (latencyMs <= deadlineMs * SLOW_PART) return [];
  const message = `is slow: answered after ${Math.round(latencyMs)} ms, of ${deadlineMs} ms that it has`;
  return [{ verdict: 'degraded', code: 'slow', endpoint, message }];
}

function judgeLsn(
  { lagLimit, safekeepers }: Pick<StorageService, 'lagLimit' | 'safekeepers'>,
  endpoint: string | null,
  latestLsn: number | null,
  groupLsn: number | null,
): StorageFinding[] {
  if (latestLsn === null) {
    const message = 'does not say its LSN, so nobody can tell whether it is behind';
    return [{ verdict: 'degraded', code: 'incomplete', endpoint, message }];
  }
  if (groupLsn === null || safekeepers === null) return [];
  const lag = groupLsn - latestLsn;
  if (lag > lagLimit) {
    const message = `is ${describeLsn(lag)} behind the Safekeepers "${safekeepers}"`;
    return [{ verdict: 'degraded', code: 'behindGroup', endpoint, message }];
  }
  // Both are asked at different moments, so a little ahead is nothing.
  if (-lag > lagLimit) {
    const message = `is ${describeLsn(-lag)} ahead of the Safekeepers "${safekeepers}": is that the group it follows?`;
    return [{ verdict: 'degraded', code: 'aheadOfGroup', endpoint, message }];
  }
  return [];
}
