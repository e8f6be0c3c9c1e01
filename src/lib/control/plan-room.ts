import { roundDownSize } from '../domain/index.ts';
import type { IdleCompute } from './plan-pressure.ts';

/** Compute units that a start asks for. */
export interface Need {
  /** It does not start with less. */
  readonly leastCu: number;
  /** What it takes if that is there. */
  readonly mostCu: number;
}

/** What the first that waits for a host lacks there. */
export interface MissingRoom {
  readonly host: string;
  readonly cu: number;
}

/** One whose clients paused a moment ago would be back before who waits has had its turn. */
export const LEAST_IDLE_FOR_ROOM_MS = 2_000;

/** Pure. The size that it starts with in this room; null when there is not enough. */
export function fittingCu(freeCu: number, { leastCu, mostCu }: Need): number | null {
  const cu = Math.min(mostCu, roundDownSize(freeCu));
  return cu >= leastCu ? cu : null;
}

/**
 * Pure. The sizes of those that start now, of all that wait, in order of arrival: nobody passes who came before, or a small
 * one after the other would keep a large one waiting for ever.
 */
export function planTurns(freeCu: number, needs: readonly Need[]): readonly number[] {
  const turns: number[] = [];
  let leftCu = freeCu;
  for (const need of needs) {
    const cu = fittingCu(leftCu, need);
    if (cu === null) break;
    turns.push(cu);
    leftCu -= cu;
  }
  return turns;
}

/** Pure. The size that one that is awake may grow to. Who waits to start goes before that. */
export function growableCu(
  nowCu: number,
  wantedCu: number,
  host: { readonly freeCu: number; readonly isAwaited: boolean },
): number {
  if (wantedCu <= nowCu || host.isAwaited) return Math.min(nowCu, wantedCu);
  return Math.min(wantedCu, nowCu + roundDownSize(host.freeCu));
}

/**
 * Pure. Which idle computes are taken down for the first that waits: the longest idle, and no more than it takes. Fewer than
 * it takes go down as well: the others may become idle one after the other and never all at once.
 */
export function planRoom(missingCu: number, idle: readonly IdleCompute[]): readonly IdleCompute[] {
  const chosen: IdleCompute[] = [];
  let leftCu = missingCu;
  for (const candidate of idle.toSorted((a, b) => b.idleMs - a.idleMs || a.compute.id.localeCompare(b.compute.id))) {
    if (leftCu <= 0 || candidate.idleMs < LEAST_IDLE_FOR_ROOM_MS) break;
    chosen.push(candidate);
    leftCu -= candidate.compute.size.now;
  }
  return chosen;
}

/** For people, after the name of who waits: `waits for 0.5 CU: 2 of 2 CU are awake, 1 before it`. */
export function waitSentence(
  { leastCu }: Need,
  host: { readonly awakeCu: number; readonly limitCu: number; readonly before: number },
): string {
  const before = host.before === 0 ? '' : `, ${host.before} before it`;
  return `waits for ${leastCu} CU: ${host.awakeCu} of ${host.limitCu} CU are awake${before}`;
}
