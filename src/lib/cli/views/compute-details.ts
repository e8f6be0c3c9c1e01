import type { ComputeDetail } from '../../api/client/index.ts';
import { describeLadder, formatDuration } from '../../domain/index.ts';
import type { Paint } from '../colour.ts';
import { formatBytes, formatInstant, formatSize } from './format.ts';
import { leaseText } from './lease-text.ts';
import { engineText, stateText } from './operation-text.ts';
import { wakePhases } from './wake-table.ts';

/** Everything about one compute, a fact a line. */
export function computeDetails(compute: ComputeDetail, nowMs: number, paint: Paint): string {
  const facts = factsOf(compute, nowMs).filter((fact): fact is [string, string] => fact[1] !== null);
  const widest = Math.max(...facts.map(([label]) => label.length));
  return facts.map(([label, text]) => `${paint.faint(label.padEnd(widest))}  ${text}`).join('\n');
}

function factsOf(compute: ComputeDetail, nowMs: number): [string, string | null][] {
  const { failure, lastWake } = compute;
  return [
    ['name', compute.name],
    ['project', compute.project],
    ['id', compute.id],
    ['state', `${stateText(compute)} for ${formatDuration(Math.max(0, nowMs - Date.parse(compute.stateSince)))}`],
    ...compute.awakeBecause.map((reason): [string, string] => ['awake because', reason]),
    ['start', compute.waitingBecause],
    ['suspends at', compute.suspendsAt === null ? null : formatInstant(compute.suspendsAt)],
    ['then', compute.nextStep === null ? null : `${compute.nextStep.depth} at ${formatInstant(compute.nextStep.at)}`],
    ...compute.heldBecause.map((reason): [string, string] => ['but stays for', reason]),
    ...(failure === null ? [] : failureFacts(failure)),
    ['url', compute.url],
    ['engine', engineText(compute)],
    ['driver', compute.image === null ? compute.driver : `${compute.driver}, image ${compute.image}`],
    ['storage', storageText(compute)],
    [
      'size',
      compute.boundBecause === null ? formatSize(compute.size) : `${formatSize(compute.size)}; ${compute.boundBecause}`,
    ],
    ['cache', cacheText(compute)],
    [
      'suspend',
      describeLadder(compute.ladder.map(({ depth, afterSeconds }) => ({ depth, afterMs: afterSeconds * 1000 }))),
    ],
    ['sessions', sessionsText(compute)],
    ['connections', connectionsText(compute)],
    ['wakes', String(compute.wakes)],
    ['last start', lastWake === null ? null : `${formatInstant(lastWake.at)}, ${wakePhases(lastWake)}`],
    ['data', compute.storageBytes === null ? null : formatBytes(compute.storageBytes)],
    ['lease', leaseText(compute, nowMs)],
    ['created', formatInstant(compute.createdAt)],
    ['destroyed', compute.destroyedAt === null ? null : formatInstant(compute.destroyedAt)],
    ['kept until', compute.keptUntil === null ? null : formatInstant(compute.keptUntil)],
  ];
}

function sessionsText(compute: ComputeDetail): string {
  const { sessions, maxSessions, endPinnedAfterSeconds, sessionIdleTimeoutSeconds } = compute;
  const count = maxSessions === null ? String(sessions) : `${sessions} of at most ${maxSessions}`;
  const ends = [
    ['one that alone keeps it from going deeper', endPinnedAfterSeconds] as const,
    ['an idle one', sessionIdleTimeoutSeconds] as const,
  ].flatMap(([which, seconds]) =>
    seconds === null ? [] : [`${which} ends after ${formatDuration(seconds * 1000)} without a command`],
  );
  return [count, ...ends].join('; ');
}

/** `20 shared at most: 3 in use (1 kept), 5 idle, 2 sessions wait; …` */
function connectionsText({ connectionPool, connections }: ComputeDetail): string | null {
  if (connectionPool === null && connections === null) return null;
  if (connections === null) return `shared, none yet (at most ${connectionPool?.size ?? 'as the size allows'})`;
  const { size, inUse, pinned, idle, waiting, waited, held, switches, refusals } = connections;
  const kept = pinned === 0 ? '' : ` (${pinned} kept by sessions that cannot share)`;
  const times = (name: string, of: typeof held): string[] =>
    of === null ? [] : [`${name} ${formatDuration(of.p50Ms)} in the middle, ${formatDuration(of.maxMs)} at most`];
  return [
    `at most ${size} shared: ${inUse} in use${kept}, ${idle} idle, ${waiting} sessions wait`,
    ...times('waited', waited),
    ...times('held', held),
    `${switches} changed hands`,
    ...(refusals === 0 ? [] : [`${refusals} sessions turned away`]),
  ].join('; ');
}

function storageText({ storage }: ComputeDetail): string {
  return storage === null ? 'a volume' : `Page Server ${storage.pageServer}, Safekeepers ${storage.safekeepers}`;
}

function cacheText({ cache }: ComputeDetail): string | null {
  if (cache === null) return null;
  const { bytes, capacityBytes, isWarming, warmBytes } = cache;
  if (!isWarming) return `${formatBytes(bytes)} of ${formatBytes(capacityBytes)}`;
  if (warmBytes === null || warmBytes === 0) return `${formatBytes(bytes)} warm, more is coming back`;
  return `${String(Math.min(99, Math.floor((bytes / warmBytes) * 100)))} % of ${formatBytes(warmBytes)} warm`;
}

function failureFacts(failure: NonNullable<ComputeDetail['failure']>): [string, string][] {
  return [
    ['failure', `${failure.message} (${failure.code}, ${formatInstant(failure.at)})`],
    ...(failure.hint === null ? [] : [['next', failure.hint] as [string, string]]),
    ...failure.logTail.map((line): [string, string] => ['log', line]),
  ];
}
