import { DozeError } from '../errors/index.ts';
import { DEPTHS, isDeeper, parseDepth, type Depth } from './depth.ts';
import { formatDuration, parseDuration } from './duration.ts';

/** One step down: how deep, and after how long without use. */
export interface Rung {
  readonly depth: Depth;
  /** Counted from the last use, for every rung. */
  readonly afterMs: number;
}

/** How an idle compute goes down: each rung deeper and later than the one before. Empty: it stays awake. */
export type Ladder = readonly Rung[];

const SHORTEST_MS = 1000;

/** Reads `hibernated:5m,parked:1h,stopped:24h`, or `never`. @throws LADDER_INVALID, naming the rung */
export function parseLadder(text: string): Ladder {
  if (text.trim() === 'never') return [];
  return checkLadder(text.split(',').map(parseRung));
}

/** @throws LADDER_INVALID, naming the rung */
export function checkLadder(ladder: Ladder): Ladder {
  for (const [index, rung] of ladder.entries()) {
    if (!(rung.afterMs >= SHORTEST_MS)) throw wrong(`${formatRung(rung)} is sooner than a second`);
    const above = ladder[index - 1];
    if (above === undefined) continue;
    if (!isDeeper(rung.depth, above.depth)) throw wrong(`"${rung.depth}" is not deeper than "${above.depth}"`);
    if (rung.afterMs <= above.afterMs) throw wrong(`${formatRung(rung)} is not later than ${formatRung(above)}`);
  }
  return ladder;
}

function parseRung(text: string): Rung {
  const [depth = '', after = '', ...more] = text.split(':').map((part) => part.trim());
  if (depth === '' || after === '' || more.length > 0) throw wrong(`"${text.trim()}" is not DEPTH:DURATION`);
  return { depth: parseDepth(depth), afterMs: parseDuration(after) };
}

function wrong(what: string): DozeError {
  return new DozeError('LADDER_INVALID', `not a ladder: ${what}`, {
    hint: 'write it like hibernated:5m,parked:1h,stopped:24h, each deeper and later than the one before, or never',
  });
}

/** As `parseLadder` reads it. */
export function formatLadder(ladder: Ladder): string {
  return ladder.length === 0 ? 'never' : ladder.map(formatRung).join(',');
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

function formatRung({ depth, afterMs }: Rung): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => afterMs >= ms && afterMs % ms === 0) ?? ['ms', 1];
  return `${depth}:${afterMs / unitMs}${unit}`;
}

/** For people: `hibernated after 5 min without use, parked after 1 h`. */
export function describeLadder(ladder: Ladder): string {
  if (ladder.length === 0) return 'never';
  return ladder
    .map(({ depth, afterMs }, index) => `${depth} after ${formatDuration(afterMs)}${index === 0 ? ' without use' : ''}`)
    .join(', ');
}

/** What of a ladder a person wants otherwise; what is left out stays. `afterMs` null is never. */
export interface FirstRungChange {
  readonly afterMs?: number | null | undefined;
  readonly depth?: Depth | undefined;
}

/** A ladder with another first rung; those below that are no longer deeper and later are left out. */
export function withFirstRung(ladder: Ladder, { afterMs, depth }: FirstRungChange): Ladder {
  if (afterMs === null) return [];
  if (afterMs === undefined && depth === undefined) return ladder;
  const [first = FALLBACK, ...below] = ladder;
  const changed = { depth: depth ?? first.depth, afterMs: afterMs ?? first.afterMs };
  return [changed, ...below.filter((rung) => isDeeper(rung.depth, changed.depth) && rung.afterMs > changed.afterMs)];
}

/** For a compute that was never to sleep, and of which only half of a rung is said. */
const FALLBACK: Rung = { depth: 'parked', afterMs: 300_000 };

/**
 * The ladder on a host that has only some depths: what it lacks is the next deeper one that it has, or else its
 * deepest. Of two rungs that become one, the sooner stands.
 */
export function fitLadder(ladder: Ladder, depths: readonly Depth[]): Ladder {
  const fitted = ladder.map((rung) => ({ ...rung, depth: fitDepth(rung.depth, depths) }));
  return fitted.filter(({ depth }, index) => index === 0 || isDeeper(depth, fitted[index - 1]?.depth ?? depth));
}

export function fitDepth(depth: Depth, depths: readonly Depth[]): Depth {
  return DEPTHS.find((known) => depths.includes(known) && !isDeeper(depth, known)) ?? depths.at(-1) ?? depth;
}

export interface SleepFacts {
  /** How deep it is now. */
  readonly depth: Depth;
  /** For how long it has been so. */
  readonly sleptMs: number;
}

/** The rung that a sleeping compute is due for: the deepest, if it has missed some. Null while it is not due. */
export function dueRung(ladder: Ladder, { depth, sleptMs }: SleepFacts): Rung | null {
  const reachedMs = reachedAfterMs(ladder, depth);
  return ladder.findLast((rung) => isDeeper(rung.depth, depth) && rung.afterMs - reachedMs <= sleptMs) ?? null;
}

/** How long a compute has to sleep at a depth until the next rung, and which that is; null at the bottom. */
export function nextStep(ladder: Ladder, depth: Depth): { readonly depth: Depth; readonly sleptMs: number } | null {
  const next = nextRung(ladder, depth);
  return next === null ? null : { depth: next.depth, sleptMs: next.afterMs - reachedAfterMs(ladder, depth) };
}

function reachedAfterMs(ladder: Ladder, depth: Depth): number {
  return ladder.findLast((rung) => !isDeeper(rung.depth, depth))?.afterMs ?? 0;
}

/** The next rung down, due or not; null at the bottom. */
export function nextRung(ladder: Ladder, depth: Depth | null): Rung | null {
  return ladder.find((rung) => depth === null || isDeeper(rung.depth, depth)) ?? null;
}
