import { formatScaled } from '../../domain/index.ts';
import type { HourUsage } from '../hourly.ts';

/** A CloudEvent 1.0 that tells what one compute used of one meter in one hour. */
export interface UsageEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: 'doze.usage.hour.v1';
  /** The compute's id. */
  readonly subject: string;
  /** The end of the hour. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: {
    readonly meter: EventMeter;
    readonly unit: 's' | 'By.s' | 'By' | '1';
    /** What to add, as a decimal; of a correction the difference, which may be below zero. */
    readonly value: string;
    /** All that was used in this hour as far as it is known. */
    readonly total: string;
    /** 0 is the first that was said of this hour; each correction has the next. */
    readonly revision: number;
    readonly periodStart: string;
    readonly periodEnd: string;
    readonly project: string;
    readonly compute: string;
    readonly computeId: string;
  };
}

interface EventUnit {
  readonly unit: UsageEvent['data']['unit'];
  readonly field: keyof HourUsage;
  /** A whole number of the ledger, times this, is so many `10^-scale` of the unit. */
  readonly factor: bigint;
  readonly scale: number;
}

const COUNT = { factor: 1n, scale: 0 } as const;
const MILLIS = { unit: 's', factor: 1n, scale: 3 } as const;

/** What is told, by the name of its meter. */
const EVENT_UNITS = {
  active_seconds: { field: 'activeMs', ...MILLIS },
  cu_seconds: { field: 'quarterCuMs', unit: 's', factor: 25n, scale: 5 },
  frozen_seconds: { field: 'frozenMs', ...MILLIS },
  hibernated_seconds: { field: 'hibernatedMs', ...MILLIS },
  storage_byte_seconds: { field: 'storageByteSeconds', unit: 'By.s', ...COUNT },
  received_bytes: { field: 'bytesIn', unit: 'By', ...COUNT },
  sent_bytes: { field: 'bytesOut', unit: 'By', ...COUNT },
  queries: { field: 'queries', unit: '1', ...COUNT },
  wakes: { field: 'wakes', unit: '1', ...COUNT },
} as const satisfies Record<string, EventUnit>;

export type EventMeter = keyof typeof EVENT_UNITS;
export const EVENT_METERS = Object.keys(EVENT_UNITS) as readonly EventMeter[];

const HOUR_MS = 3_600_000;

/** Whose hour it is. */
export type HourOwner = Pick<HourUsage, 'hourMs' | 'project' | 'computeId' | 'compute'>;

/** The ledger's whole number of a meter. */
export function totalOf(hour: HourUsage, meter: EventMeter): number {
  return hour[EVENT_UNITS[meter].field];
}

/**
 * The id names host, hour, compute, meter, revision and total: the same said twice has the same id, and a receiver that knows
 * ids counts it once; an hour that has become another has another.
 * @param before what the receiver was told of this hour before, in the ledger's whole numbers
 */
export function usageEvent(
  hour: HourOwner,
  meter: EventMeter,
  { total, before = 0, revision = 0 }: { readonly total: number; readonly before?: number; readonly revision?: number },
  homeId: string,
): UsageEvent {
  const { unit } = EVENT_UNITS[meter];
  const begin = new Date(hour.hourMs).toISOString();
  const end = new Date(hour.hourMs + HOUR_MS).toISOString();
  const said = decimal(meter, BigInt(total));
  return {
    specversion: '1.0',
    id: [begin.slice(0, 13), hour.computeId, meter, revision, said].join('/'),
    source: `urn:doze:host:${homeId}`,
    type: 'doze.usage.hour.v1',
    subject: hour.computeId,
    time: end,
    datacontenttype: 'application/json',
    data: {
      meter,
      unit,
      value: decimal(meter, BigInt(total) - BigInt(before)),
      total: said,
      revision,
      periodStart: begin,
      periodEnd: end,
      project: hour.project,
      compute: hour.compute,
      computeId: hour.computeId,
    },
  };
}

/** What was used of each meter in an hour, as nobody was told of it before. */
export function usageEvents(hour: HourUsage, homeId: string): UsageEvent[] {
  return EVENT_METERS.filter((meter) => totalOf(hour, meter) !== 0).map((meter) =>
    usageEvent(hour, meter, { total: totalOf(hour, meter) }, homeId),
  );
}

function decimal(meter: EventMeter, total: bigint): string {
  const { factor, scale } = EVENT_UNITS[meter];
  return formatScaled(total * factor, scale);
}
