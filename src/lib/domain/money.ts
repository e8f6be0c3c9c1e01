import { DozeError } from '../errors/index.ts';

/**
 * Millionths of a currency's unit (of a euro, not of a cent). Money is a whole number of these inside and a decimal string
 * outside, never a float.
 */
export type Micros = bigint;

/**
 * Where a value lies between two steps: `half-even` to the nearest, at the middle to the even one, so that many roundings
 * have no drift; `half-up` to the nearest, at the middle away from zero; `up` away from zero; `down` towards zero.
 */
export const ROUNDINGS = ['half-even', 'half-up', 'up', 'down'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

/** How an amount is rounded: to so many decimals of the currency's unit, 0 to 6. */
export interface RoundingRule {
  readonly mode: Rounding;
  readonly decimals: number;
}

const MICRO_DECIMALS = 6;
export const MICROS_PER_UNIT = 1_000_000n;
/** A trillion of anything: what is more is a mistake. */
const MAX_MICROS = 10n ** 18n;

/** `numerator / denominator` to a whole number. The denominator is positive. */
export function divideRounded(numerator: bigint, denominator: bigint, mode: Rounding): bigint {
  const isNegative = numerator < 0n;
  const size = isNegative ? -numerator : numerator;
  const whole = size / denominator;
  const rounded = whole + (goesUp(whole, size % denominator, denominator, mode) ? 1n : 0n);
  return isNegative ? -rounded : rounded;
}

function goesUp(whole: bigint, rest: bigint, denominator: bigint, mode: Rounding): boolean {
  if (rest === 0n || mode === 'down') return false;
  if (mode === 'up') return true;
  const twice = rest * 2n;
  if (twice !== denominator) return twice > denominator;
  return mode === 'half-up' || whole % 2n === 1n;
}

/** `price * quantity / perUnit`, rounded once. @param price for `perUnit` of what `quantity` counts */
export function amountOf(price: Micros, quantity: bigint, perUnit: bigint, { mode, decimals }: RoundingRule): Micros {
  const step = 10n ** BigInt(MICRO_DECIMALS - decimals);
  return divideRounded(price * quantity, perUnit * step, mode) * step;
}

/**
 * Reads a decimal number that is not negative, such as `0.16`, as millionths.
 * @param what for people: `the price of a CU-hour`
 * @throws VALUE_INVALID
 */
export function parseMicros(text: string, what: string): Micros {
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text.trim());
  const micros = match === null ? null : BigInt(match[1] ?? '') * MICROS_PER_UNIT + fractionOf(match[2]);
  if (micros !== null && micros <= MAX_MICROS) return micros;
  throw new DozeError('VALUE_INVALID', `"${text}" cannot be ${what}`, {
    hint: 'write a number with at most six decimals, such as 0.16',
  });
}

function fractionOf(digits = ''): bigint {
  return BigInt(digits.padEnd(MICRO_DECIMALS, '0'));
}

/** `160000` as `0.16`, with at least so many decimals and no zeros behind them. */
export function formatMicros(micros: Micros, minDecimals = 0): string {
  return formatScaled(micros, MICRO_DECIMALS, minDecimals);
}

/** A whole number of `10^-scale` as an exact decimal, with at least so many decimals and no zeros behind them. */
export function formatScaled(value: bigint, scale: number, minDecimals = 0): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits
    .slice(digits.length - scale)
    .replace(/0+$/, '')
    .padEnd(minDecimals, '0');
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** `numerator / denominator` with at most so many decimals, rounded half to even. */
export function formatRatio(numerator: bigint, denominator: bigint, decimals: number): string {
  return formatScaled(divideRounded(numerator * 10n ** BigInt(decimals), denominator, 'half-even'), decimals);
}
