import { readCsv } from './read-csv.ts';

/**
 * What FOCUS 1.2 says of a Cost and Usage dataset, as far as it concerns one without taxes, purchases, commitments and
 * corrections. Written from the specification, not from the code that writes the rows.
 */
export type FocusRow = Readonly<Record<string, string | null>>;

type Kind = 'string' | 'decimal' | 'datetime' | 'json';

interface Rule {
  readonly kind: Kind;
  /** `never` null, `always`, `may` be, or as long as another column is. */
  readonly isNull: 'never' | 'may' | 'always' | { readonly unlessCategory: string } | { readonly with: string };
  readonly isMandatory?: true;
  readonly oneOf?: readonly string[];
}

const MANDATORY = { isMandatory: true } as const;

/** The 21 columns whose presence is mandatory come first. */
const RULES: Readonly<Record<string, Rule>> = {
  BilledCost: { kind: 'decimal', isNull: 'never', ...MANDATORY },
  BillingAccountId: { kind: 'string', isNull: 'never', ...MANDATORY },
  BillingAccountName: { kind: 'string', isNull: 'may', ...MANDATORY },
  BillingCurrency: { kind: 'string', isNull: 'never', ...MANDATORY },
  BillingPeriodEnd: { kind: 'datetime', isNull: 'never', ...MANDATORY },
  BillingPeriodStart: { kind: 'datetime', isNull: 'never', ...MANDATORY },
  ChargeCategory: {
    kind: 'string',
    isNull: 'never',
    oneOf: ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'],
    ...MANDATORY,
  },
  ChargeClass: { kind: 'string', isNull: 'may', oneOf: ['Correction'], ...MANDATORY },
  ChargeDescription: { kind: 'string', isNull: 'may', ...MANDATORY },
  ChargePeriodEnd: { kind: 'datetime', isNull: 'never', ...MANDATORY },
  ChargePeriodStart: { kind: 'datetime', isNull: 'never', ...MANDATORY },
  ContractedCost: { kind: 'decimal', isNull: 'never', ...MANDATORY },
  EffectiveCost: { kind: 'decimal', isNull: 'never', ...MANDATORY },
  InvoiceIssuerName: { kind: 'string', isNull: 'never', ...MANDATORY },
  ListCost: { kind: 'decimal', isNull: 'never', ...MANDATORY },
  PricingQuantity: { kind: 'decimal', isNull: { unlessCategory: 'Usage' }, ...MANDATORY },
  PricingUnit: { kind: 'string', isNull: { with: 'PricingQuantity' }, ...MANDATORY },
  ProviderName: { kind: 'string', isNull: 'never', ...MANDATORY },
  PublisherName: { kind: 'string', isNull: 'never', ...MANDATORY },
  ServiceCategory: { kind: 'string', isNull: 'never', oneOf: ['Databases', 'Compute', 'Storage'], ...MANDATORY },
  ServiceName: { kind: 'string', isNull: 'never', ...MANDATORY },
  // Present because of what is supported: usage is measured, resources are provisioned, there are sub-accounts and prices.
  BillingAccountType: { kind: 'string', isNull: 'never' },
  ChargeFrequency: { kind: 'string', isNull: 'never', oneOf: ['One-Time', 'Recurring', 'Usage-Based'] },
  ConsumedQuantity: { kind: 'decimal', isNull: { unlessCategory: 'Usage' } },
  ConsumedUnit: { kind: 'string', isNull: { with: 'ConsumedQuantity' } },
  ListUnitPrice: { kind: 'decimal', isNull: { unlessCategory: 'Usage' } },
  PricingCategory: {
    kind: 'string',
    isNull: { unlessCategory: 'Usage' },
    oneOf: ['Standard', 'Committed', 'Dynamic', 'Other'],
  },
  ResourceId: { kind: 'string', isNull: 'never' },
  ResourceName: { kind: 'string', isNull: 'never' },
  ResourceType: { kind: 'string', isNull: 'never' },
  ServiceSubcategory: { kind: 'string', isNull: 'never', oneOf: ['Relational Databases'] },
  SkuId: { kind: 'string', isNull: 'never' },
  SkuMeter: { kind: 'string', isNull: { with: 'SkuId' } },
  SkuPriceId: { kind: 'string', isNull: { unlessCategory: 'Usage' } },
  SubAccountId: { kind: 'string', isNull: 'never' },
  SubAccountName: { kind: 'string', isNull: 'never' },
  SubAccountType: { kind: 'string', isNull: { with: 'SubAccountId' } },
  Tags: { kind: 'json', isNull: 'may' },
};

const FORMATS: Readonly<Record<Kind, RegExp>> = {
  string: /^\S(.*\S)?$/s,
  decimal: /^-?(0|[1-9]\d*)(\.\d+)?$/,
  datetime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/,
  json: /^\{.*\}$/s,
};

export const MANDATORY_COLUMNS = Object.entries(RULES).flatMap(([name, { isMandatory }]) =>
  isMandatory ? [name] : [],
);

/** Empty is null: FOCUS has no empty texts. */
export function readFocus(csv: string): FocusRow[] {
  const [header = [], ...records] = readCsv(csv);
  return records.map((record) => Object.fromEntries(header.map((name, at) => [name, nullOf(record[at])])));
}

function nullOf(text = ''): string | null {
  return text === '' ? null : text;
}

/** What is wrong, a sentence each; empty for a dataset that conforms. */
export function focusFaults(csv: string): string[] {
  const [header = []] = readCsv(csv);
  const missing = Object.keys(RULES).filter((name) => !header.includes(name));
  const foreign = header.filter((name) => !(name in RULES) && !name.startsWith('x_'));
  const firstOwn = header.findIndex((name) => name.startsWith('x_'));
  const isMixed = firstOwn !== -1 && header.slice(firstOwn).some((name) => !name.startsWith('x_'));
  return [
    ...missing.map((name) => `${name} is not there`),
    ...foreign.map((name) => `${name} is no column of FOCUS`),
    ...(isMixed ? ['custom columns are before columns of FOCUS'] : []),
    ...readFocus(csv).flatMap((row, at) => rowFaults(row).map((fault) => `row ${at + 1}: ${fault}`)),
  ];
}

function rowFaults(row: FocusRow): string[] {
  return [...Object.entries(RULES).flatMap(([name, rule]) => valueFaults(row, name, rule)), ...crossFaults(row)];
}

function valueFaults(row: FocusRow, name: string, { kind, isNull, oneOf }: Rule): string[] {
  const value = row[name] ?? null;
  const mustBeNull = typeof isNull === 'object' && 'with' in isNull ? row[isNull.with] === null : isNull === 'always';
  const mayBeNull =
    isNull === 'may' ||
    mustBeNull ||
    (typeof isNull === 'object' && 'unlessCategory' in isNull && row['ChargeCategory'] !== isNull.unlessCategory);
  if (value === null) return mayBeNull ? [] : [`${name} is null`];
  if (mustBeNull) return [`${name} is not null`];
  if (!FORMATS[kind].test(value)) return [`${name} is "${value}", which is no ${kind}`];
  return oneOf === undefined || oneOf.includes(value) ? [] : [`${name} cannot be "${value}"`];
}

function crossFaults(row: FocusRow): string[] {
  const faults: string[] = [];
  const begins = Date.parse(row['ChargePeriodStart'] ?? '');
  const ends = Date.parse(row['ChargePeriodEnd'] ?? '');
  if (ends - begins !== 3_600_000 || begins % 3_600_000 !== 0) faults.push('the charge period is not an hour');
  if (begins < Date.parse(row['BillingPeriodStart'] ?? '') || ends > Date.parse(row['BillingPeriodEnd'] ?? ''))
    faults.push('the charge period is not inside of the billing period');
  if (row['ChargeCategory'] !== 'Usage' && row['ConsumedQuantity'] !== null)
    faults.push('what is no usage has consumed something');
  const price = row['ListUnitPrice'] ?? null;
  const quantity = row['PricingQuantity'] ?? null;
  if (price !== null && quantity !== null) {
    for (const cost of ['ListCost', 'ContractedCost']) {
      if (!isProduct(price, quantity, row[cost] ?? '')) faults.push(`${cost} is not price times quantity`);
    }
  }
  if (row['ChargeCategory'] === 'Credit' && !/^(0|-.*)$/.test(row['BilledCost'] ?? '')) faults.push('a credit costs');
  return faults;
}

/** Exactly. */
function isProduct(a: string, b: string, product: string): boolean {
  const [x, y, z] = [a, b, product].map(scaled) as [Scaled, Scaled, Scaled];
  return x.value * y.value * 10n ** BigInt(z.scale) === z.value * 10n ** BigInt(x.scale + y.scale);
}

interface Scaled {
  readonly value: bigint;
  readonly scale: number;
}

function scaled(decimal: string): Scaled {
  const [whole = '', fraction = ''] = decimal.split('.');
  return { value: BigInt(whole + fraction), scale: fraction.length };
}

/** Of decimals, as millionths. */
export function sumMicros(decimals: readonly (string | null)[]): bigint {
  return decimals.reduce((sum, text) => {
    const { value, scale } = scaled(text ?? '');
    return sum + value * 10n ** BigInt(6 - scale);
  }, 0n);
}
