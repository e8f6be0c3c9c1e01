import {
  csvLine,
  divideRounded,
  formatMicros,
  formatScaled,
  METER_UNITS,
  type Meter,
  type Micros,
} from '../../domain/index.ts';
import type { Charge } from '../money/rater.ts';
import type { RunningAmounts } from './running-amounts.ts';

/** FOCUS 1.2, https://focus.finops.org/focus-specification/v1-2/: its columns by name, and behind them our own. */
const COLUMNS = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingAccountType',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'EffectiveCost',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'ResourceId',
  'ResourceName',
  'ResourceType',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
  'SkuId',
  'SkuMeter',
  'SkuPriceId',
  'SubAccountId',
  'SubAccountName',
  'SubAccountType',
  'Tags',
  'x_RateCard',
  'x_RateCardVersion',
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string | null>>;

/** Tags of a project; empty for none. */
export type TagsOf = (project: string) => Readonly<Record<string, string>>;

const HOUR_MS = 3_600_000;
const NAME = 'doze';
/** Of a quantity: the product with a price, which has six, is exact. */
const QUANTITY_DECIMALS = 12;
const PRICE_DECIMALS = 6;

export function focusHeader(): string {
  return csvLine(COLUMNS);
}

/** A row of use, and one of credit where some of it is free. @param homeId of the host, which is the billing account */
export function focusRows(charge: Charge, amounts: RunningAmounts, homeId: string, tagsOf: TagsOf): string {
  const { usage, free } = amounts.add(charge);
  const rows = [usageRow(charge, usage, homeId, tagsOf)];
  if (charge.free > 0n) rows.push(creditRow(charge, -free, homeId, tagsOf));
  return rows.map((row) => csvLine(COLUMNS.map((column) => row[column]))).join('');
}

function usageRow(charge: Charge, billed: Micros, homeId: string, tagsOf: TagsOf): Row {
  const { meter, card, quantity, perUnit } = charge;
  const { pricingUnit, consumedUnit, consumedFactor, consumedScale } = METER_UNITS[meter];
  const priced = divideRounded(quantity * 10n ** BigInt(QUANTITY_DECIMALS), perUnit, 'half-even');
  // As exact as the quantity and price that stand beside it, of which it has to be the product.
  const cost = formatScaled(priced * card.prices[meter], QUANTITY_DECIMALS + PRICE_DECIMALS);
  return {
    ...common(charge, homeId, tagsOf),
    BilledCost: formatMicros(billed),
    EffectiveCost: formatMicros(billed),
    ContractedCost: cost,
    ListCost: cost,
    ListUnitPrice: formatMicros(card.prices[meter]),
    ChargeCategory: 'Usage',
    ChargeDescription: `${DESCRIPTIONS[meter]} of ${charge.hour.compute}`,
    ConsumedQuantity: formatScaled(quantity * consumedFactor, consumedScale),
    ConsumedUnit: consumedUnit,
    PricingCategory: 'Standard',
    PricingQuantity: formatScaled(priced, QUANTITY_DECIMALS),
    PricingUnit: pricingUnit,
    SkuPriceId: `${card.name}-${card.version}-${meter}`,
  };
}

/** A credit has no price of its own, and what it costs is what it is billed with. */
function creditRow(charge: Charge, billed: Micros, homeId: string, tagsOf: TagsOf): Row {
  const cost = formatMicros(billed);
  return {
    ...common(charge, homeId, tagsOf),
    BilledCost: cost,
    EffectiveCost: cost,
    ContractedCost: cost,
    ListCost: cost,
    ListUnitPrice: null,
    ChargeCategory: 'Credit',
    ChargeDescription: `Free allowance of the month: ${DESCRIPTIONS[charge.meter].toLowerCase()} of ${charge.hour.compute}`,
    ConsumedQuantity: null,
    ConsumedUnit: null,
    PricingCategory: null,
    PricingQuantity: null,
    PricingUnit: null,
    SkuPriceId: null,
  };
}

const DESCRIPTIONS: Readonly<Record<Meter, string>> = {
  compute: 'Active time',
  frozen: 'Time frozen',
  hibernated: 'Time hibernated',
  storage: 'Storage',
  egress: 'Data sent to clients',
};

function common({ hour, month, meter, card }: Charge, homeId: string, tagsOf: TagsOf) {
  return {
    BillingAccountId: homeId,
    BillingAccountName: null,
    BillingAccountType: 'Host',
    BillingCurrency: card.currency,
    BillingPeriodEnd: dateTime(month.endMs),
    BillingPeriodStart: dateTime(month.beginMs),
    // Only of charges of an earlier bill.
    ChargeClass: null,
    ChargeFrequency: 'Usage-Based',
    ChargePeriodEnd: dateTime(hour.hourMs + HOUR_MS),
    ChargePeriodStart: dateTime(hour.hourMs),
    InvoiceIssuerName: NAME,
    ProviderName: NAME,
    PublisherName: NAME,
    ResourceId: hour.computeId,
    ResourceName: hour.compute,
    ResourceType: 'Compute',
    ServiceCategory: 'Databases',
    ServiceName: NAME,
    ServiceSubcategory: 'Relational Databases',
    SkuId: `doze-${meter}`,
    SkuMeter: DESCRIPTIONS[meter],
    SubAccountId: hour.project,
    SubAccountName: hour.project,
    SubAccountType: 'Project',
    Tags: JSON.stringify(tagsOf(hour.project)),
    x_RateCard: card.name,
    x_RateCardVersion: String(card.version),
  };
}

function dateTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}
