import type { BillLineView, BillView } from '../../api/client/index.ts';
import { awakeChart } from './awake-chart.ts';
import { alwaysOnText, billTitle, cardText, METER_WORDS, minutes, unpricedHint } from './bill-text.ts';
import { escapeHtml } from './escape-html.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #8884; }
.number { text-align: right; }
.sum td { font-weight: 600; }
.total td { font-weight: 700; border-top: 2px solid; }
.note { background: #fc32; padding: .5rem .8rem; }
svg { width: 100%; height: auto; }
svg text { fill: currentColor; font-size: 11px; } svg .name { font-size: 13px; font-weight: 600; }
svg .day { text-anchor: middle; font-size: 9px; } svg line { stroke: currentColor; opacity: .4; }
svg rect { fill: #2a78c8; }
@media print { body { margin: 0; max-width: none; } }
`;

/** Nothing is loaded and nothing runs: the page is the same wherever it is opened, also without a network. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A bill as one page that needs nothing besides itself. */
export function billHtml(bill: BillView): string {
  const title = escapeHtml(billTitle(bill));
  const hint = unpricedHint(bill);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${capital(title)}</h1>
<p>${bill.open ? 'The month is not over: this is what was used so far.' : 'The whole month.'} Times are UTC.</p>
${hint === null ? '' : `<p class="note">${escapeHtml(hint)}</p>\n`}${linesTable(bill)}
${alwaysOnText(bill)
  .map((text) => `<p>${capital(escapeHtml(text))}.</p>`)
  .join('\n')}
<h2>Awake time by day</h2>
${awakeChart(bill.awake, bill.month)}
${cardsTable(bill)}
</body>
</html>
`;
}

function linesTable(bill: BillView): string {
  const titles = ['Compute', 'What', 'From', 'Until', '#Quantity', 'Unit', '#Price', 'Rate card', `#${bill.currency}`];
  const groups = bill.computes.flatMap(({ compute, computeId, amount }) => {
    const lines = bill.lines.filter((line) => line.computeId === computeId).map(lineCells);
    return lines.length === 1 ? lines : [...lines, sumCells('sum', compute, 'sum', amount)];
  });
  const sums = [
    sumCells('sum', '', 'used', bill.usage),
    sumCells('sum', '', 'free allowance', bill.allowance),
    sumCells('total', '', 'total', bill.total),
  ];
  return `<table>\n${head(titles)}\n${[...groups, ...sums].join('\n')}\n</table>`;
}

function lineCells(line: BillLineView): string {
  return cells('', [
    line.compute,
    line.kind === 'usage' ? METER_WORDS[line.meter] : 'free of it',
    minutes(line.from),
    minutes(line.until),
    `#${line.quantity}`,
    line.unit,
    `#${line.unitPrice}`,
    cardText(line),
    `#${line.amount}`,
  ]);
}

function sumCells(kind: 'sum' | 'total', compute: string, what: string, amount: string): string {
  return cells(kind, [compute, what, '', '', '', '', '', '', `#${amount}`]);
}

function cardsTable({ rateCards }: BillView): string {
  if (rateCards.length === 0) return '';
  const titles = [
    'Rate card',
    '#CU-hour',
    '#Hour frozen',
    '#Hour hibernated',
    '#GB-month',
    '#GB sent',
    'From',
    'Until',
  ];
  const rows = rateCards.map(({ name, version, currency, prices, validFrom, validUntil }) =>
    cells('', [
      `${name} v${version} (${currency})`,
      ...(['compute', 'frozen', 'hibernated', 'storage', 'egress'] as const).map((meter) => `#${prices[meter]}`),
      minutes(validFrom),
      validUntil === null ? '' : minutes(validUntil),
    ]),
  );
  const note =
    'GB is 10<sup>9</sup> bytes, a GB-month one of them kept for the whole of the month. Each line is rounded once, and sums are of lines.';
  return `<h2>Prices</h2>\n<table>\n${head(titles)}\n${rows.join('\n')}\n</table>\n<p>${note}</p>`;
}

/** What begins with # is a number, and stands at the right. */
function cells(kind: string, texts: readonly string[], tag: 'td' | 'th' = 'td'): string {
  const made = texts.map((text) =>
    text.startsWith('#')
      ? `<${tag} class="number">${escapeHtml(text.slice(1))}</${tag}>`
      : `<${tag}>${escapeHtml(text)}</${tag}>`,
  );
  return `<tr${kind === '' ? '' : ` class="${kind}"`}>${made.join('')}</tr>`;
}

function head(titles: readonly string[]): string {
  return cells('', titles, 'th');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
