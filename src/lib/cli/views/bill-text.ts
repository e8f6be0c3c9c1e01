import type { BillLineView, BillView } from '../../api/client/index.ts';
import type { Paint } from '../colour.ts';
import { renderTable, type Column } from './table.ts';

interface Row {
  readonly compute: string;
  readonly what: string;
  readonly from: string;
  readonly until: string;
  readonly quantity: string;
  readonly unit: string;
  readonly price: string;
  readonly card: string;
  readonly amount: string;
  readonly isSum: boolean;
}

const NO_ROW: Row = {
  compute: '',
  what: '',
  from: '',
  until: '',
  quantity: '',
  unit: '',
  price: '',
  card: '',
  amount: '',
  isSum: false,
};

/** What a meter counts, for people. */
export const METER_WORDS: Readonly<Record<BillLineView['meter'], string>> = {
  compute: 'active',
  frozen: 'frozen',
  hibernated: 'hibernated',
  storage: 'storage',
  egress: 'sent to clients',
};

/** Lines by compute, a sum under each that has more than one, and the total. */
export function billText(bill: BillView, width: number | null, paint: Paint): string {
  const rows = bill.computes.flatMap(({ compute, computeId, amount }) => {
    const lines = bill.lines.filter((line) => line.computeId === computeId).map(rowOf);
    return lines.length === 1 ? lines : [...lines, { ...NO_ROW, compute, what: 'sum', amount, isSum: true }];
  });
  const total = { ...NO_ROW, compute: '(all)', what: 'total', amount: bill.total, isSum: true };
  const table = renderTable(columnsFor(paint, bill.currency), [...rows, total], { width, paintTitle: paint.strong });
  return [paint.faint(billTitle(bill)), table, ...alwaysOnText(bill)].join('\n');
}

export function billTitle({ project, month, open, until }: BillView): string {
  return `bill of project ${project} for ${month}${open ? `, so far (until ${minutes(until)})` : ''}`;
}

/** What it had cost had nobody slept, as a sentence; nothing unless it was asked for. */
export function alwaysOnText({ alwaysOn, currency }: BillView): string[] {
  if (alwaysOn === null) return [];
  const { total, saved, savedPercent } = alwaysOn;
  const share = savedPercent === null ? '' : ` (${savedPercent} %)`;
  return [`always on, at its largest size, it had cost ${total} ${currency}: ${saved} ${currency}${share} saved`];
}

/** Set where there are lines without a price list, and what to type. */
export function unpricedHint({ lines, project }: BillView): string | null {
  if (lines.every(({ rateCardVersion }) => rateCardVersion > 0)) return null;
  return `some of it was used while project ${project} had no rate card, and is free: doze rate set standard --currency EUR --cu-hour 0.16 --from YYYY-MM`;
}

function rowOf(line: BillLineView): Row {
  return {
    compute: line.compute,
    what: line.kind === 'usage' ? METER_WORDS[line.meter] : `free of it`,
    from: minutes(line.from),
    until: minutes(line.until),
    quantity: line.quantity,
    unit: line.unit,
    price: line.unitPrice,
    card: cardText(line),
    amount: line.amount,
    isSum: false,
  };
}

export function cardText({ rateCard, rateCardVersion }: BillLineView): string {
  return rateCardVersion === 0 ? '-' : `${rateCard} v${rateCardVersion}`;
}

/** `2026-11-05T14:30Z` */
export function minutes(iso: string): string {
  return `${iso.slice(0, 16)}Z`;
}

function columnsFor(paint: Paint, currency: string): Column<Row>[] {
  const paintSum = (text: string, { isSum }: Row): string => (isSum ? paint.strong(text) : text);
  return [
    { title: 'COMPUTE', text: ({ compute }) => compute, paint: paintSum },
    { title: 'WHAT', text: ({ what }) => what, paint: paintSum },
    { title: 'FROM', text: ({ from }) => from, spare: 2 },
    { title: 'UNTIL', text: ({ until }) => until, spare: 2 },
    { title: 'QUANTITY', text: ({ quantity }) => quantity, align: 'right' },
    { title: 'UNIT', text: ({ unit }) => unit },
    { title: 'PRICE', text: ({ price }) => price, align: 'right' },
    { title: 'RATE CARD', text: ({ card }) => card, spare: 1 },
    { title: currency, text: ({ amount }) => amount, align: 'right', paint: paintSum },
  ];
}
