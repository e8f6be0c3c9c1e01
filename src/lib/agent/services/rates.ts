import { rateCardView, type AgentServices, type RateCardRequest } from '../../api/index.ts';
import {
  cardAt,
  checkRateCard,
  currencyExponent,
  forEachMeter,
  formatMonth,
  METER_UNITS,
  monthOf,
  parseCurrency,
  parseMicros,
  parseName,
  type Meter,
  type RateCard,
} from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { NewRateCard } from '../../store/index.ts';
import type { AgentCore } from '../running.ts';

const HOUR_MS = 3_600_000;

export function createRateServices({ store, clock }: AgentCore): AgentServices['rates'] {
  return {
    list: async ({ project }) => {
      const all = store.listRateCards();
      const seen = project === null ? all : all.filter((card) => card.project === null || card.project === project);
      return Promise.resolve(seen.map(rateCardView));
    },
    add: async (name, request) => {
      const card = nextRateCard(parseName(name, 'rate card'), request, store.listRateCards(), clock.wallMs());
      return Promise.resolve(rateCardView(store.addRateCard(card)));
    },
  };
}

/**
 * The next version of a card: what is not said stays as in the one before.
 * @param cards all versions of all cards, in the order in which they were added
 * @throws VALUE_INVALID, RATES_CONFLICT, NAME_INVALID
 */
export function nextRateCard(
  name: string,
  request: RateCardRequest,
  cards: readonly RateCard[],
  nowMs: number,
): NewRateCard {
  const before = cards.findLast((card) => card.name === name) ?? null;
  const currency = currencyOf(name, request, before);
  const free = 'what is free of';
  const card = {
    name,
    project: projectOf(name, request, before),
    currency,
    prices: decimals(request.prices, before?.prices, 'the price of'),
    free: decimals(request.free, before?.free, free),
    rounding: {
      mode: request.rounding?.mode ?? before?.rounding.mode ?? 'half-even',
      decimals:
        request.rounding?.decimals ??
        (before?.currency === currency ? before.rounding.decimals : currencyExponent(currency)),
    },
    validFromMs: request.validFrom === undefined ? usualFromMs(before, nowMs) : Date.parse(request.validFrom),
    validUntilMs: typeof request.validUntil === 'string' ? Date.parse(request.validUntil) : null,
    addedAtMs: nowMs,
  };
  checkRateCard({ ...card, version: 0 });
  refuseMixedMonth(card, cards);
  return card;
}

/** A first card is for the month that is being counted; a change of prices is not for what was used already. */
function usualFromMs(before: RateCard | null, nowMs: number): number {
  return before === null ? monthOf(nowMs).beginMs : Math.ceil(nowMs / HOUR_MS) * HOUR_MS;
}

function currencyOf(name: string, { currency }: RateCardRequest, before: RateCard | null): string {
  if (currency !== undefined) return parseCurrency(currency);
  if (before !== null) return before.currency;
  throw new DozeError('VALUE_INVALID', `the first version of rate card "${name}" needs a currency`, {
    hint: `doze rate set ${name} --currency EUR --cu-hour 0.16`,
  });
}

function projectOf(name: string, { project }: RateCardRequest, before: RateCard | null): string | null {
  const wanted = project === undefined ? (before?.project ?? null) : project;
  if (wanted !== null) parseName(wanted, 'project');
  if (before === null || before.project === wanted) return wanted;
  const owner = before.project === null ? 'the whole host' : `project "${before.project}"`;
  throw new DozeError('VALUE_INVALID', `rate card "${name}" is one of ${owner}`, {
    hint: 'use another name, or leave --project as it was',
  });
}

function decimals(
  said: Partial<Record<Meter, string>> | undefined,
  before: Readonly<Record<Meter, bigint>> | undefined,
  what: string,
): Record<Meter, bigint> {
  return forEachMeter((meter) => {
    const text = said?.[meter];
    if (text === undefined) return before?.[meter] ?? 0n;
    return parseMicros(text, `${what} ${meter} (${METER_UNITS[meter].pricingUnit})`);
  });
}

/** @throws RATES_CONFLICT: a month with two currencies has no total */
function refuseMixedMonth(card: NewRateCard, cards: readonly RateCard[]): void {
  const month = monthOf(card.validFromMs);
  if (card.validFromMs === month.beginMs) return;
  const ruling = cardAt(cards, card.project ?? '', card.validFromMs - HOUR_MS);
  if (ruling === null || ruling.currency === card.currency) return;
  throw new DozeError(
    'RATES_CONFLICT',
    `prices are in ${ruling.currency} until then, and a month with two currencies has no total`,
    {
      hint: `let it begin with a month: doze rate set ${card.name} --currency ${card.currency} --from ${formatMonth(monthOf(month.endMs))}`,
      details: { name: card.name },
    },
  );
}
