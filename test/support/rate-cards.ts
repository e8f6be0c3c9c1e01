import { forEachMeter, parseMicros, type Meter, type RateCard } from '../../src/lib/domain/index.ts';

type Decimals = Partial<Record<Meter, string>>;

interface Changes extends Partial<Omit<RateCard, 'prices' | 'free'>> {
  readonly prices?: Decimals;
  readonly free?: Decimals;
}

/** A version of a host-wide card in euros, everything that is not said at no price. */
export function rateCard({ prices = {}, free = {}, ...changes }: Changes = {}): RateCard {
  const read = (decimals: Decimals): RateCard['prices'] =>
    forEachMeter((meter) => parseMicros(decimals[meter] ?? '0', meter));
  return {
    name: 'standard',
    version: 1,
    project: null,
    currency: 'EUR',
    prices: read(prices),
    free: read(free),
    rounding: { mode: 'half-even', decimals: 2 },
    validFromMs: 0,
    validUntilMs: null,
    addedAtMs: 0,
    ...changes,
  };
}
