import { formatDuration } from '../../domain/index.ts';
import type { TopEntry } from './look.ts';

/** Why a compute is awake, or what becomes of it, in a few words. */
export function whyText(entry: TopEntry, nowMs: number): string {
  const ends = entry.leaseExpiresAt === null ? [] : [`destroyed ${inTime(entry.leaseExpiresAt, nowMs)}`];
  return [...reasons(entry, nowMs), ...ends].join('; ');
}

function reasons(entry: TopEntry, nowMs: number): readonly string[] {
  const { state, failure, waitingBecause } = entry;
  if (waitingBecause !== null) return [waitingBecause];
  if (state === 'failed') return [failure ?? 'failed'];
  if (state === 'active') return awakeReasons(entry, nowMs);
  if (state === 'suspended') return sleepReasons(entry, nowMs);
  return [`${state} for ${since(entry, nowMs)}`];
}

/** What keeps it for nothing but the time since its last use is said by when that is over. */
function awakeReasons({ awakeBecause, suspendsAt, queriesPerSecond }: TopEntry, nowMs: number): readonly string[] {
  if (suspendsAt === null) return awakeBecause;
  return (queriesPerSecond ?? 0) > 0 ? ['in use'] : [`idle, sleeps ${inTime(suspendsAt, nowMs)}`];
}

function sleepReasons(entry: TopEntry, nowMs: number): readonly string[] {
  const { heldBecause, nextStep } = entry;
  const asleep = `asleep for ${since(entry, nowMs)}`;
  if (nextStep === null) return [asleep];
  if (heldBecause.length > 0) return [`not ${nextStep.depth}: ${heldBecause.join(', ')}`];
  return [asleep, `${nextStep.depth} ${inTime(nextStep.at, nowMs)}`];
}

function since({ stateSince }: TopEntry, nowMs: number): string {
  return formatDuration(wholeSeconds(nowMs - Date.parse(stateSince)));
}

function inTime(iso: string, nowMs: number): string {
  const leftMs = Date.parse(iso) - nowMs;
  return leftMs < 1000 ? 'now' : `in ${formatDuration(wholeSeconds(leftMs))}`;
}

/** A tenth of a second that counts down tells nobody anything. */
function wholeSeconds(ms: number): number {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return (seconds < 600 ? seconds : Math.round(seconds / 60) * 60) * 1000;
}
