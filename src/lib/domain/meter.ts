import type { Month } from './month.ts';

/** What has a price. */
export const METERS = ['compute', 'frozen', 'hibernated', 'storage', 'egress'] as const;
export type Meter = (typeof METERS)[number];

/**
 * How a meter counts. GB is 10^9 bytes. A month is the calendar month in which it is used: what is kept from its first to
 * its last instant is a whole one, however many days it has.
 */
export interface MeterUnit {
  /** What a price is for, as FOCUS writes units. */
  readonly pricingUnit: 'CU-Hours' | 'Hours' | 'GB-Months' | 'GB';
  /** What is counted, which is `10^-consumedScale` of it for each one of the ledger's whole numbers, times `consumedFactor`. */
  readonly consumedUnit: 'CU-Seconds' | 'Seconds' | 'GB-Seconds' | 'GB';
  readonly consumedFactor: bigint;
  readonly consumedScale: number;
  /** For people. */
  readonly label: string;
  /** In one of the pricing unit there are so many of the ledger's whole numbers. */
  perUnit(month: Month): bigint;
}

const HOUR_MS = 3_600_000n;
const BYTES_PER_GB = 1_000_000_000n;

export const METER_UNITS: Readonly<Record<Meter, MeterUnit>> = {
  // The ledger's number is quarters of a CU times milliseconds, of which there are 4,000 in a CU-second.
  compute: {
    pricingUnit: 'CU-Hours',
    consumedUnit: 'CU-Seconds',
    consumedFactor: 25n,
    consumedScale: 5,
    label: 'active',
    perUnit: () => 4n * HOUR_MS,
  },
  frozen: hours('frozen'),
  hibernated: hours('hibernated'),
  storage: {
    pricingUnit: 'GB-Months',
    consumedUnit: 'GB-Seconds',
    consumedFactor: 1n,
    consumedScale: 9,
    label: 'storage',
    perUnit: ({ beginMs, endMs }) => (BYTES_PER_GB * BigInt(endMs - beginMs)) / 1000n,
  },
  egress: {
    pricingUnit: 'GB',
    consumedUnit: 'GB',
    consumedFactor: 1n,
    consumedScale: 9,
    label: 'sent to clients',
    perUnit: () => BYTES_PER_GB,
  },
};

function hours(label: string): MeterUnit {
  return {
    pricingUnit: 'Hours',
    consumedUnit: 'Seconds',
    consumedFactor: 1n,
    consumedScale: 3,
    label,
    perUnit: () => HOUR_MS,
  };
}
