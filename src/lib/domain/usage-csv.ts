import { csvLine } from './csv.ts';
import { WAKE_BOUNDS_MS } from './wake-latency.ts';

/** What was used, as plain values. */
export interface UsageValues {
  readonly activeSeconds: number;
  readonly cuSeconds: number;
  readonly wakes: number;
  readonly frozenSeconds: number;
  readonly hibernatedSeconds: number;
  readonly storageByteHours: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queries: number;
  /** By the bound that they did not exceed; null is beyond all. */
  readonly wakeLatency: readonly { readonly upToMs: number | null; readonly wakes: number }[];
}

/** A line of a usage report by compute or project; times as ISO 8601. */
export interface UsageRow extends UsageValues {
  readonly project: string;
  readonly compute: string | null;
  readonly computeId: string | null;
  readonly first: string | null;
  readonly last: string | null;
}

/** A line of one by hour, day or month. */
export interface PeriodRow extends UsageValues {
  readonly start: string;
}

type Column<Row> = readonly [title: string, value: (row: Row) => string | number | null];

const METERS: readonly Column<UsageValues>[] = [
  ['frozenSeconds', ({ frozenSeconds }) => frozenSeconds],
  ['hibernatedSeconds', ({ hibernatedSeconds }) => hibernatedSeconds],
  ['storageByteHours', ({ storageByteHours }) => storageByteHours],
  ['bytesIn', ({ bytesIn }) => bytesIn],
  ['bytesOut', ({ bytesOut }) => bytesOut],
  ['queries', ({ queries }) => queries],
  ...[...WAKE_BOUNDS_MS, null].map((bound): Column<UsageValues> => [
    bound === null ? 'wakesLonger' : `wakesUpTo${bound}Ms`,
    ({ wakeLatency }) => wakeLatency.find(({ upToMs }) => upToMs === bound)?.wakes ?? 0,
  ]),
];

/** What came later stands at the end, so that who reads by position reads on. */
const OWNED: readonly Column<UsageRow>[] = [
  ['project', ({ project }) => project],
  ['compute', ({ compute }) => compute],
  ['computeId', ({ computeId }) => computeId],
  ['activeSeconds', ({ activeSeconds }) => activeSeconds],
  ['cuSeconds', ({ cuSeconds }) => cuSeconds],
  ['wakes', ({ wakes }) => wakes],
  ['first', ({ first }) => first],
  ['last', ({ last }) => last],
  ...METERS,
];

const BY_PERIOD: readonly Column<PeriodRow>[] = [
  ['start', ({ start }) => start],
  ['activeSeconds', ({ activeSeconds }) => activeSeconds],
  ['cuSeconds', ({ cuSeconds }) => cuSeconds],
  ['wakes', ({ wakes }) => wakes],
  ...METERS,
];

/** With a header line. */
export function usageCsv(rows: readonly UsageRow[]): string {
  return csv(OWNED, rows);
}

export function periodsCsv(rows: readonly PeriodRow[]): string {
  return csv(BY_PERIOD, rows);
}

function csv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const header = columns.map(([title]) => title);
  return [header, ...rows.map((row) => columns.map(([, value]) => value(row)))].map(csvLine).join('');
}
