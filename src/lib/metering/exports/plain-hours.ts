import { csvLine, formatScaled } from '../../domain/index.ts';
import type { HourUsage } from '../hourly.ts';

/** An hour for spreadsheets and scripts: whole numbers and decimals as texts, so that no reader makes floats of them. */
export type PlainHour = Readonly<Record<(typeof COLUMNS)[number], string>>;

const COLUMNS = [
  'hour',
  'project',
  'compute',
  'computeId',
  'activeSeconds',
  'cuSeconds',
  'frozenSeconds',
  'hibernatedSeconds',
  'storageByteSeconds',
  'bytesIn',
  'bytesOut',
  'queries',
  'wakes',
] as const;

export function plainHeader(): string {
  return csvLine(COLUMNS);
}

export function plainLine(hour: HourUsage): string {
  const plain = plainHour(hour);
  return csvLine(COLUMNS.map((column) => plain[column]));
}

export function plainHour(hour: HourUsage): PlainHour {
  return {
    hour: new Date(hour.hourMs).toISOString().replace('.000Z', 'Z'),
    project: hour.project,
    compute: hour.compute,
    computeId: hour.computeId,
    activeSeconds: formatScaled(BigInt(hour.activeMs), 3),
    cuSeconds: formatScaled(BigInt(hour.quarterCuMs) * 25n, 5),
    frozenSeconds: formatScaled(BigInt(hour.frozenMs), 3),
    hibernatedSeconds: formatScaled(BigInt(hour.hibernatedMs), 3),
    storageByteSeconds: String(hour.storageByteSeconds),
    bytesIn: String(hour.bytesIn),
    bytesOut: String(hour.bytesOut),
    queries: String(hour.queries),
    wakes: String(hour.wakes),
  };
}
