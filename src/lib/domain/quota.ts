import { DozeError } from '../errors/index.ts';
import { monthOf } from './month.ts';

/** What of a project can be limited. The name is what a client of the gateway is told. */
export const QUOTAS = [
  'computes',
  'activeComputes',
  'cuPerCompute',
  'activeCu',
  'activeSecondsPerMonth',
  'cuSecondsPerMonth',
  'storageBytes',
  'sessions',
  'wakesPerMinute',
] as const;
export type QuotaName = (typeof QUOTAS)[number];

/** What is left out has no limit. Spans in seconds, sizes in bytes. */
export type ProjectLimits = Readonly<Partial<Record<QuotaName, number>>>;

/**
 * How a quota's use comes down again. `month`: at the beginning of the next one, UTC. `stock`: when somebody gives
 * something back. `flow`: by itself, all the time. `bound`: it is no use, but the most that one may have.
 */
export type QuotaKind = 'month' | 'stock' | 'flow' | 'bound';

const KINDS: Readonly<Record<QuotaName, QuotaKind>> = {
  computes: 'stock',
  activeComputes: 'flow',
  cuPerCompute: 'bound',
  activeCu: 'flow',
  activeSecondsPerMonth: 'month',
  cuSecondsPerMonth: 'month',
  storageBytes: 'stock',
  sessions: 'flow',
  wakesPerMinute: 'flow',
};

export function quotaKind(quota: QuotaName): QuotaKind {
  return KINDS[quota];
}

/** Whether nothing of a project may run any more when it is reached. */
export function stopsAll(quota: QuotaName): boolean {
  return KINDS[quota] === 'month' || quota === 'storageBytes';
}

/** From this part of a limit on there is a warning. */
const WARNING_SHARE = 0.8;

export type QuotaLevel = 'warned' | 'reached';

/** How much of a quota is used at one moment, in its unit. */
export interface QuotaUse {
  readonly quota: QuotaName;
  readonly used: number;
  readonly limit: number;
}

/** What was last put on record of a quota. */
export interface QuotaNote {
  readonly level: QuotaLevel;
  readonly atMs: number;
}

export function levelOf({ used, limit }: Pick<QuotaUse, 'used' | 'limit'>): QuotaLevel | null {
  if (used >= limit) return 'reached';
  return used >= limit * WARNING_SHARE ? 'warned' : null;
}

/** When its use will have come down without anybody's doing; null where it will not, or does so all the time. */
export function quotaResetsAtMs(quota: QuotaName, nowMs: number): number | null {
  return KINDS[quota] === 'month' ? monthOf(nowMs).endMs : null;
}

const DAY_MS = 86_400_000;
/** Of what has to be given back: one that goes up and down at the warning is not told of each time. */
const RESET_SHARE = 0.7;

export type QuotaRemark = 'quotaWarning' | 'quotaReached' | 'quotaReset';

/**
 * Pure. What is to be put on record of a quota now; null for nothing. A warning and an alarm come once: in the month for
 * what is counted by the month, until it is well below the warning for what somebody has to give back, and once a day,
 * UTC, for what goes up and down all the time.
 */
export function planQuotaRemark(
  quota: QuotaName,
  use: Pick<QuotaUse, 'used' | 'limit'>,
  note: QuotaNote | null,
  nowMs: number,
): QuotaRemark | null {
  if (KINDS[quota] === 'bound') return null;
  const level = levelOf(use);
  const isPast = note !== null && saysNothingNow(quota, note, use, nowMs);
  if (isPast && level !== 'reached' && (note.level === 'reached' || KINDS[quota] === 'stock')) return 'quotaReset';
  const known = isPast ? null : (note?.level ?? null);
  if (level === null || level === known || known === 'reached') return null;
  return level === 'reached' ? 'quotaReached' : 'quotaWarning';
}

function saysNothingNow(
  quota: QuotaName,
  { atMs }: QuotaNote,
  use: Pick<QuotaUse, 'used' | 'limit'>,
  nowMs: number,
): boolean {
  if (KINDS[quota] === 'month') return monthOf(atMs).beginMs !== monthOf(nowMs).beginMs;
  // One that is as full as it was is no news.
  if (levelOf(use) === 'reached') return false;
  return KINDS[quota] === 'stock'
    ? use.used < use.limit * RESET_SHARE
    : Math.floor(atMs / DAY_MS) !== Math.floor(nowMs / DAY_MS);
}

/**
 * In the server's words for a resource that an account has used up, as drivers and people know them.
 * @param resetsAtMs null where it does not by itself
 */
export function quotaExceeded(
  project: string,
  { quota, used, limit }: QuotaUse,
  resetsAtMs: number | null,
  code: 'QUOTA_EXCEEDED' | 'QUOTA_IN_USE' = quotaCode(quota),
): DozeError {
  const when = resetsAtMs === null ? '' : `; it resets at ${instantText(resetsAtMs)}`;
  return new DozeError(
    code,
    `Project '${project}' has exceeded the '${quota}' resource (current value: ${limit})${when}`,
    {
      hint: `doze project show ${project}`,
      details: {
        project,
        quota,
        used,
        limit,
        resetsAt: resetsAtMs === null ? null : new Date(resetsAtMs).toISOString(),
      },
    },
  );
}

function quotaCode(quota: QuotaName): 'QUOTA_EXCEEDED' | 'QUOTA_IN_USE' {
  return KINDS[quota] === 'flow' ? 'QUOTA_IN_USE' : 'QUOTA_EXCEEDED';
}

function instantText(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** For people, in a sentence about a project: `its CU-seconds of this month`. */
export const QUOTA_WORDS: Readonly<Record<QuotaName, string>> = {
  computes: 'computes',
  activeComputes: 'computes awake at once',
  cuPerCompute: 'CU for each compute',
  activeCu: 'CU awake in sum',
  activeSecondsPerMonth: 'active seconds this month',
  cuSecondsPerMonth: 'CU-seconds this month',
  storageBytes: 'storage',
  sessions: 'sessions',
  wakesPerMinute: 'wakes a minute',
};

/** @throws VALUE_INVALID */
export function checkLimit(quota: QuotaName, value: number): number {
  const isCu = quota === 'cuPerCompute' || quota === 'activeCu';
  const isValid = isCu
    ? Number.isInteger(value * 4) && value >= 0 && value <= 1e6
    : Number.isSafeInteger(value) && value >= 0;
  if (isValid) return value;
  throw new DozeError('VALUE_INVALID', `${value} cannot be a limit for ${QUOTA_WORDS[quota]}`, {
    hint: isCu ? 'use compute units such as 4 in steps of 0.25, or none' : 'use a whole number, or none',
  });
}
