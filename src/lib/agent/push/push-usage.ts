import type { Clock } from '../../clock.ts';
import {
  completeUntil,
  EVENT_METERS,
  totalOf,
  usageEvent,
  type EventMeter,
  type HourOwner,
  type HourUsage,
  type UsageEvent,
} from '../../metering/index.ts';
import type { PushedTotal, Store } from '../../store/index.ts';

/**
 * Sends usage to one receiver at least once, and never less than all.
 *
 * | step                                                     | what is on record      | when it dies right after it                        |
 * | -------------------------------------------------------- | ---------------------- | -------------------------------------------------- |
 * | a batch is made of what the receiver was not told        | nothing                | it is made again                                   |
 * | it goes into the outbox, with the cursor                 | the batch as it is     | the next push sends it first, word for word        |
 * | it is sent, again and again, until the receiver has it   | the same               | the same: its ids are the same, so it counts once  |
 * | the outbox is emptied and its totals are kept, in one    | what was told          | the next batch is made                             |
 *
 * An hour is told when it is complete. For as long as a correction may come, what was told is compared with the ledger at each
 * push, and the difference is told as the hour's next revision.
 */
export interface PushDeps {
  readonly store: Pick<
    Store,
    'homeId' | 'getCompute' | 'pushState' | 'beginPush' | 'putOutbox' | 'clearOutbox' | 'setPushCursor' | 'listPushed'
  >;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** The hours of a window in their order, a part at a time, each part of whole hours. */
  readonly hours: (window: { sinceMs: number; untilMs: number }) => AsyncIterable<readonly HourUsage[]>;
  /** @returns how often a batch was sent in vain */
  readonly deliver: (body: string, signal: AbortSignal) => Promise<number>;
  readonly onProgress: (message: string) => void;
}

export interface PushRequest {
  /** Name of the receiver on record. */
  readonly receiver: string;
  /** Where the first push to it begins: a whole hour. */
  readonly sinceMs: number;
  /** Events in a batch. */
  readonly batchSize: number;
}

export interface Pushed {
  /** Hours from here until there are with the receiver. */
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly events: number;
  /** Of those, how many corrected an hour that was told before. */
  readonly corrections: number;
  readonly batches: number;
  readonly retries: number;
}

interface Told {
  readonly owner: HourOwner;
  readonly meter: EventMeter;
  readonly total: number;
  readonly before: PushedTotal | null;
}

/** For how long an hour is compared with what was told of it. */
const LOOK_BACK_MS = 72 * 3_600_000;
const HOUR_MS = 3_600_000;

/** @throws what `deliver` throws; what was sent until then stays sent */
export async function pushUsage(deps: PushDeps, request: PushRequest, signal: AbortSignal): Promise<Pushed> {
  const { store, hours } = deps;
  const { receiver } = request;
  if (store.pushState(receiver) === null) store.beginPush(receiver, request.sinceMs);
  const outbox = createOutbox(deps, receiver, signal);
  await outbox.empty();
  const state = store.pushState(receiver);
  const beganMs = state?.cursorMs ?? request.sinceMs;
  const window = {
    sinceMs: Math.max(beganMs - LOOK_BACK_MS, state?.sinceMs ?? request.sinceMs),
    untilMs: Math.max(beganMs, completeUntil(deps.clock.wallMs())),
  };
  let cursorMs = beganMs;
  let waiting: Told[] = [];
  for await (const part of partsOf(hours(window), window)) {
    const ownerOf = createOwners(store, part.hours);
    for (const one of changesIn(part.hours, store.listPushed(receiver, part.window), ownerOf)) {
      waiting.push(one);
      cursorMs = Math.max(cursorMs, one.owner.hourMs);
      if (waiting.length < request.batchSize) continue;
      await outbox.send(waiting, cursorMs);
      waiting = [];
    }
  }
  if (waiting.length > 0) await outbox.send(waiting, window.untilMs);
  store.setPushCursor(receiver, window.untilMs);
  return { sinceMs: beganMs, untilMs: window.untilMs, ...outbox.sum };
}

function createOutbox({ store, deliver, onProgress }: PushDeps, receiver: string, signal: AbortSignal) {
  const sum = { events: 0, corrections: 0, batches: 0, retries: 0 };

  /** What a push before this one left there goes first. */
  async function empty(): Promise<void> {
    const state = store.pushState(receiver);
    const batch = state?.outbox ?? null;
    if (state === null || batch === null) return;
    const { body, totals } = batch;
    sum.retries += await deliver(body, signal);
    store.clearOutbox(receiver, state.cursorMs - LOOK_BACK_MS);
    sum.batches += 1;
    sum.events += totals.length;
    sum.corrections += totals.filter(({ revision }) => revision > 0).length;
    onProgress(`Sent ${sum.events} events, until ${new Date(state.cursorMs).toISOString().slice(0, 16)}Z`);
  }

  return {
    sum,
    empty,
    async send(told: readonly Told[], cursorMs: number): Promise<void> {
      const body = JSON.stringify(told.map((one) => eventOf(one, store.homeId)));
      store.putOutbox(receiver, { body, totals: told.map((one) => totalAfter(one)) }, cursorMs);
      await empty();
    },
  };
}

interface Part {
  readonly window: { readonly sinceMs: number; readonly untilMs: number };
  readonly hours: readonly HourUsage[];
}

/** Each part with the window that it covers, without a gap between: an hour that has no use any more is in one of them. */
async function* partsOf(
  parts: AsyncIterable<readonly HourUsage[]>,
  { sinceMs, untilMs }: Part['window'],
): AsyncGenerator<Part> {
  let fromMs = sinceMs;
  for await (const hours of parts) {
    const last = hours.at(-1);
    if (last === undefined) continue;
    const endMs = last.hourMs + HOUR_MS;
    yield { window: { sinceMs: fromMs, untilMs: endMs }, hours };
    fromMs = endMs;
  }
  if (fromMs < untilMs) yield { window: { sinceMs: fromMs, untilMs }, hours: [] };
}

type OwnerOf = (computeId: string, hourMs: number) => HourOwner;

/** Also of an hour of which the ledger has nothing any more. */
function createOwners(store: PushDeps['store'], hours: readonly HourUsage[]): OwnerOf {
  const known = new Map(hours.map((hour) => [hour.computeId, hour]));
  return (computeId, hourMs) => {
    const hour = known.get(computeId);
    if (hour !== undefined) return { ...hour, hourMs };
    const compute = store.getCompute(computeId);
    return { hourMs, computeId, compute: compute?.name ?? computeId, project: compute?.project ?? '' };
  };
}

/** What of these hours the receiver does not know, or knows otherwise. */
function changesIn(hours: readonly HourUsage[], known: readonly PushedTotal[], ownerOf: OwnerOf): Told[] {
  const left = new Map(known.map((total) => [keyOf(total), total]));
  const changes: Told[] = [];
  for (const hour of hours) {
    for (const meter of EVENT_METERS) {
      const key = keyOf({ hourMs: hour.hourMs, computeId: hour.computeId, meter });
      const before = left.get(key) ?? null;
      left.delete(key);
      const total = totalOf(hour, meter);
      if (total !== (before?.total ?? 0)) changes.push({ owner: hour, meter, total, before });
    }
  }
  for (const before of left.values()) {
    if (before.total === 0) continue;
    const owner = ownerOf(before.computeId, before.hourMs);
    changes.push({ owner, meter: before.meter as EventMeter, total: 0, before });
  }
  return changes;
}

function keyOf({ hourMs, computeId, meter }: Pick<PushedTotal, 'hourMs' | 'computeId' | 'meter'>): string {
  return `${hourMs} ${computeId} ${meter}`;
}

function eventOf({ owner, meter, total, before }: Told, homeId: string): UsageEvent {
  const revision = before === null ? 0 : before.revision + 1;
  return usageEvent(owner, meter, { total, before: before?.total ?? 0, revision }, homeId);
}

function totalAfter({ owner, meter, total, before }: Told): PushedTotal {
  return {
    hourMs: owner.hourMs,
    computeId: owner.computeId,
    meter,
    total,
    revision: before === null ? 0 : before.revision + 1,
  };
}
