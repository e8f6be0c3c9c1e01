import { z } from 'zod';

import { METERS, ROUNDINGS } from '../../domain/index.ts';
import { isoTimeSchema } from './iso-time.ts';

/** The part of the contract that is about money. Amounts, prices and quantities are decimal texts, as no float is one. */

const meterSchema = z.enum(METERS);
const decimalSchema = z.string();
/** For one CU-hour, hour frozen, hour hibernated, GB-month, GB sent; GB is 10^9 bytes. */
const byMeterSchema = z.record(meterSchema, decimalSchema);
const someByMeterSchema = z.partialRecord(meterSchema, decimalSchema);

export const rateCardViewSchema = z.object({
  name: z.string(),
  /** Counts from 1. */
  version: z.number(),
  /** Null: of every project without a card of its own. */
  project: z.string().nullable(),
  /** ISO 4217. */
  currency: z.string(),
  prices: byMeterSchema,
  /** What each project has free in a calendar month, in the units that prices are for. */
  free: byMeterSchema,
  rounding: z.object({ mode: z.enum(ROUNDINGS), decimals: z.number() }),
  validFrom: isoTimeSchema,
  validUntil: isoTimeSchema.nullable(),
  addedAt: isoTimeSchema,
});
export type RateCardView = z.infer<typeof rateCardViewSchema>;

/** What is left out stays as in the version before; a first one has no prices, and the decimals of its currency. */
export const rateCardRequestSchema = z
  .object({
    project: z.string().nullable().optional(),
    currency: z.string().optional(),
    prices: someByMeterSchema.optional(),
    free: someByMeterSchema.optional(),
    rounding: z
      .object({ mode: z.enum(ROUNDINGS).optional(), decimals: z.number().optional() })
      .strict()
      .optional(),
    /** Left out: of the first version the begin of this month, else of the next hour. */
    validFrom: z.iso.datetime({ offset: true }).optional(),
    validUntil: z.iso.datetime({ offset: true }).nullable().optional(),
  })
  .strict();
export type RateCardRequest = z.infer<typeof rateCardRequestSchema>;

const billLineSchema = z.object({
  kind: z.enum(['usage', 'allowance']),
  compute: z.string(),
  computeId: z.string(),
  meter: meterSchema,
  rateCard: z.string(),
  rateCardVersion: z.number(),
  /** From the first hour of use to the end of the last. */
  from: isoTimeSchema,
  until: isoTimeSchema,
  /** Rounded for people to six decimals; the amount is made from the exact one. */
  quantity: decimalSchema,
  unit: z.string(),
  unitPrice: decimalSchema,
  amount: decimalSchema,
});

const sumsSchema = z.object({
  computes: z.array(z.object({ compute: z.string(), computeId: z.string(), amount: decimalSchema })),
  usage: decimalSchema,
  /** Zero or below. */
  allowance: decimalSchema,
  total: decimalSchema,
});

export const billViewSchema = sumsSchema.extend({
  project: z.string(),
  /** `2026-11` */
  month: z.string(),
  since: isoTimeSchema,
  until: isoTimeSchema,
  /** The month is not over: what is billed is what was used so far. */
  open: z.boolean(),
  currency: z.string(),
  lines: z.array(billLineSchema),
  /** Those that the lines name. */
  rateCards: z.array(rateCardViewSchema),
  /** Seconds awake on each day of the month. */
  awake: z.array(z.object({ compute: z.string(), computeId: z.string(), secondsByDay: z.array(z.number()) })),
  /** The same month had nobody slept; null unless it was asked for. */
  alwaysOn: sumsSchema.extend({ saved: decimalSchema, savedPercent: z.number().nullable() }).nullable(),
});
export type BillView = z.infer<typeof billViewSchema>;
export type BillLineView = BillView['lines'][number];

export const pushRequestSchema = z
  .object({
    to: z.string(),
    /** Sent as a bearer token. */
    secret: z.string().optional(),
    /** Where the first push to this receiver begins; left out: with the records. */
    since: z.iso.datetime({ offset: true }).optional(),
    batchSize: z.number().int().min(1).max(10_000).optional(),
  })
  .strict();
export type PushRequest = z.infer<typeof pushRequestSchema>;

export const pushResultSchema = z.object({
  to: z.string(),
  since: isoTimeSchema,
  /** Every hour before it is with the receiver. */
  until: isoTimeSchema,
  events: z.number(),
  corrections: z.number(),
  batches: z.number(),
  retries: z.number(),
});
export type PushResult = z.infer<typeof pushResultSchema>;
