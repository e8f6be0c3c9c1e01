import type { Month, StoredEvent } from '../../domain/index.ts';
import type { HourUsage } from '../hourly.ts';

/** A span in which a compute was there, and how large it could be. */
interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly maxCu: number;
}

/** When a compute was there, asleep or not, in order of time. */
export interface Life {
  readonly project: string;
  readonly computeId: string;
  readonly compute: string;
  readonly spans: readonly Span[];
}

const HOUR_MS = 3_600_000;

/** Of the events of each compute: it is there from its creation until it is destroyed, and again when it is restored. */
export function livesOf(events: Iterable<StoredEvent>, untilMs: number): Life[] {
  const lives = new Map<string, Life & { spans: Span[]; maxCu: number; sinceMs: number | null }>();
  const end = (life: { spans: Span[]; maxCu: number; sinceMs: number | null }, atMs: number): void => {
    if (life.sinceMs !== null && atMs > life.sinceMs)
      life.spans.push({ fromMs: life.sinceMs, untilMs: atMs, maxCu: life.maxCu });
    life.sinceMs = null;
  };
  for (const { computeId, computeName, project, event, atMs } of events) {
    if (event.type === 'createRequested') {
      const { size } = event.spec;
      lives.set(computeId, { project, computeId, compute: computeName, spans: [], maxCu: size.max, sinceMs: atMs });
      continue;
    }
    const life = lives.get(computeId);
    if (life === undefined) continue;
    if (event.type === 'destroyed') end(life, atMs);
    else if (event.type === 'restored') life.sinceMs ??= atMs;
    else if (event.type === 'settingsChanged' && event.changes.size !== undefined) {
      const wasThere = life.sinceMs !== null;
      end(life, atMs);
      life.maxCu = event.changes.size.max;
      if (wasThere) life.sinceMs = atMs;
    }
  }
  for (const life of lives.values()) end(life, untilMs);
  return [...lives.values()];
}

export interface AlwaysOn {
  /** The hours as they would be, for each hour as it was; all hours, in their order. */
  next(hours: readonly HourUsage[], hourMs: number): HourUsage[];
}

/**
 * The same hours had nobody ever slept: each compute active at its largest size for as long as it was there. What it kept
 * and sent stays as it was.
 */
export function alwaysOn(
  lives: readonly Life[],
  month: Pick<Month, 'startMs'> & { readonly untilMs: number },
): AlwaysOn {
  const inOrder = lives.toSorted((a, b) => byText(a.compute, b.compute) || byText(a.computeId, b.computeId));
  return {
    next(hours, hourMs) {
      const real = new Map(hours.map((hour) => [hour.computeId, hour]));
      const made = inOrder.flatMap((life): HourUsage[] => {
        const awake = awakeIn(life, Math.max(hourMs, month.startMs), Math.min(hourMs + HOUR_MS, month.untilMs));
        const hour = real.get(life.computeId);
        real.delete(life.computeId);
        if (awake.activeMs === 0 && hour === undefined) return [];
        return [{ ...(hour ?? nothing(life, hourMs)), ...awake, frozenMs: 0, hibernatedMs: 0, wakes: 0 }];
      });
      return [...made, ...real.values()];
    },
  };
}

function awakeIn(life: Life, fromMs: number, untilMs: number): Pick<HourUsage, 'activeMs' | 'quarterCuMs'> {
  let activeMs = 0;
  let quarterCuMs = 0;
  for (const span of life.spans) {
    const insideMs = Math.min(span.untilMs, untilMs) - Math.max(span.fromMs, fromMs);
    if (insideMs <= 0) continue;
    activeMs += insideMs;
    quarterCuMs += insideMs * span.maxCu * 4;
  }
  return { activeMs, quarterCuMs };
}

function nothing({ project, computeId, compute }: Life, hourMs: number): HourUsage {
  return {
    hourMs,
    project,
    computeId,
    compute,
    activeMs: 0,
    quarterCuMs: 0,
    frozenMs: 0,
    hibernatedMs: 0,
    storageByteSeconds: 0,
    bytesIn: 0,
    bytesOut: 0,
    queries: 0,
    wakes: 0,
  };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
