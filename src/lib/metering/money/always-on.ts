import type { RateCard, StoredEvent } from '../../domain/index.ts';
import type { Store } from '../../store/index.ts';
import type { HourUsage } from '../hourly.ts';
import { createBill, type Bill, type BillQuery } from './bill.ts';

/** A span in which a compute was there, and how large it could be. */
interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly maxCu: number;
}

/** When a compute was there, asleep or not, in order of time. */
interface Life {
  readonly project: string;
  readonly computeId: string;
  readonly compute: string;
  readonly spans: readonly Span[];
}

const HOUR_MS = 3_600_000;
const EVENTS_OF_LIFE = ['createRequested', 'settingsChanged', 'destroyed', 'restored'] as const;

/** Of the events of each compute: it is there from its creation until it is destroyed, and again when it is restored. */
function livesOf(events: Iterable<StoredEvent>, untilMs: number): Life[] {
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

/** The bill of the same month had nobody slept. */
export interface AlwaysOnBill {
  /** Hours as they were, in their order; each of them whole. */
  add(hours: readonly HourUsage[]): void;
  /** @throws RATES_CONFLICT */
  finish(): Bill;
}

/** Each compute active at its largest size for as long as it was there. What it kept and sent stays as it was. */
export function createAlwaysOnBill(
  store: Pick<Store, 'listEvents'>,
  cards: readonly RateCard[],
  query: BillQuery,
): AlwaysOnBill {
  const { project, month, untilMs } = query;
  const lives = livesOf(store.listEvents({ project, types: EVENTS_OF_LIFE }), untilMs);
  const inOrder = lives.toSorted((a, b) => byText(a.compute, b.compute) || byText(a.computeId, b.computeId));
  const bill = createBill(cards, query);
  let nextMs = month.beginMs;

  /** Also the hours in which everybody slept. */
  function pass(endMs: number, byHour: ReadonlyMap<number, readonly HourUsage[]>): void {
    for (; nextMs < endMs; nextMs += HOUR_MS) {
      for (const hour of awakeHours(inOrder, byHour.get(nextMs) ?? [], nextMs, untilMs)) bill.add(hour);
    }
  }

  return {
    add(hours) {
      const last = hours.at(-1);
      if (last === undefined) return;
      const byHour = Map.groupBy(hours, ({ hourMs }) => hourMs);
      pass(last.hourMs + HOUR_MS, byHour);
    },
    finish() {
      pass(untilMs, new Map());
      return bill.finish();
    },
  };
}

function awakeHours(lives: readonly Life[], hours: readonly HourUsage[], hourMs: number, untilMs: number): HourUsage[] {
  const real = new Map(hours.map((hour) => [hour.computeId, hour]));
  return lives.flatMap((life): HourUsage[] => {
    const awake = awakeIn(life, hourMs, Math.min(hourMs + HOUR_MS, untilMs));
    const hour = real.get(life.computeId);
    if (awake.activeMs === 0 && hour === undefined) return [];
    return [{ ...(hour ?? nothing(life, hourMs)), ...awake, frozenMs: 0, hibernatedMs: 0, wakes: 0 }];
  });
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
