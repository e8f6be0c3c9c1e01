import type { RateCardView } from '../../api/client/index.ts';
import type { Paint } from '../colour.ts';
import { minutes } from './bill-text.ts';
import { renderTable } from './table.ts';

type Meter = keyof RateCardView['prices'];

/** All versions, each with whether it is what is billed by now. */
export function rateCardTable(
  cards: readonly RateCardView[],
  { paint, width, nowMs }: { readonly paint: Paint; readonly width: number | null; readonly nowMs: number },
): string {
  const price = (title: string, meter: Meter, spare?: number) => ({
    title,
    text: ({ prices }: RateCardView) => prices[meter],
    align: 'right' as const,
    ...(spare === undefined ? {} : { spare }),
  });
  return renderTable<RateCardView>(
    [
      { title: 'NAME', text: ({ name }) => name },
      { title: 'VERSION', text: ({ version }) => String(version), align: 'right' },
      { title: 'PROJECT', text: ({ project }) => project ?? '(all)' },
      { title: 'CURRENCY', text: ({ currency }) => currency },
      price('CU-HOUR', 'compute'),
      price('FROZEN H', 'frozen', 2),
      price('HIBERNATED H', 'hibernated', 2),
      price('GB-MONTH', 'storage', 1),
      price('GB SENT', 'egress', 1),
      { title: 'FROM', text: ({ validFrom }) => minutes(validFrom) },
      { title: 'UNTIL', text: ({ validUntil }) => (validUntil === null ? '' : minutes(validUntil)), spare: 1 },
      { title: 'IN FORCE', text: (card) => (isInForce(card, cards, nowMs) ? 'yes' : 'no') },
    ],
    cards,
    { width, paintTitle: paint.strong },
  );
}

/** Of those of the same project that are valid now it is the one added last. */
function isInForce(card: RateCardView, cards: readonly RateCardView[], nowMs: number): boolean {
  const now = new Date(nowMs).toISOString();
  const isValid = ({ validFrom, validUntil }: RateCardView): boolean =>
    validFrom <= now && (validUntil === null || now < validUntil);
  return cards.findLast((other) => other.project === card.project && isValid(other)) === card;
}

const PRICED: readonly (readonly [Meter, string])[] = [
  ['compute', 'CU-hour'],
  ['frozen', 'hour frozen'],
  ['hibernated', 'hour hibernated'],
  ['storage', 'GB-month'],
  ['egress', 'GB sent to clients'],
];

export function rateCardDetails(card: RateCardView, paint: Paint): string {
  const { name, version, project, currency, rounding, validFrom, validUntil } = card;
  const rows = PRICED.map(([meter, unit]) => ({ unit, price: card.prices[meter], free: card.free[meter] }));
  const table = renderTable(
    [
      { title: 'FOR EACH', text: ({ unit }) => unit },
      { title: currency, text: ({ price }) => price, align: 'right' },
      { title: 'FREE A MONTH', text: ({ free }) => free, align: 'right' },
    ],
    rows,
    { width: null, paintTitle: paint.strong },
  );
  return [
    `${paint.strong(`${name} v${version}`)}  ${project === null ? 'of all projects without a card of their own' : `of project ${project}`}`,
    `valid from ${minutes(validFrom)}${validUntil === null ? '' : ` until ${minutes(validUntil)}`}`,
    `lines rounded ${rounding.mode} to ${rounding.decimals} decimals`,
    table,
  ].join('\n');
}

export function rateCardSentence({ name, version, project, validFrom, validUntil, currency }: RateCardView): string {
  const whose = project === null ? 'all projects without a card of their own' : `project ${project}`;
  const until = validUntil === null ? '' : ` until ${minutes(validUntil)}`;
  return `rate card ${name} has version ${version}: ${whose} pay${project === null ? '' : 's'} in ${currency} by it from ${minutes(validFrom)}${until}`;
}
