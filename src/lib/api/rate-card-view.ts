import { currencyExponent, forEachMeter, formatMicros, type RateCard } from '../domain/index.ts';
import type { RateCardView } from './contract.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';

export function rateCardView(card: RateCard): RateCardView {
  const { name, version, project, currency, rounding } = card;
  const cents = currencyExponent(currency);
  return {
    name,
    version,
    project,
    currency,
    prices: forEachMeter((meter) => formatMicros(card.prices[meter], card.prices[meter] === 0n ? 0 : cents)),
    free: forEachMeter((meter) => formatMicros(card.free[meter])),
    rounding: { ...rounding },
    validFrom: isoTime(card.validFromMs),
    validUntil: isoTimeOrNull(card.validUntilMs),
    addedAt: isoTime(card.addedAtMs),
  };
}
