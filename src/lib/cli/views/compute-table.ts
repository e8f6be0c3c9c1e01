import type { ComputeView } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import type { Paint } from '../colour.ts';
import { formatInstant, formatSize } from './format.ts';
import { leaseLeft } from './lease-text.ts';
import { engineText, stateText } from './operation-text.ts';
import { renderTable, type Column } from './table.ts';

export interface ComputeTableOptions {
  readonly nowMs: number;
  readonly width: number | null;
  readonly paint: Paint;
  readonly hasProjects: boolean;
  readonly hasDestroyed: boolean;
}

export function computeTable(computes: readonly ComputeView[], options: ComputeTableOptions): string {
  const { paint, width } = options;
  // On a terminal only where there is something to say; for scripts the columns are always the same.
  const hasLeases = width === null || computes.some(({ ephemeral }) => ephemeral);
  return renderTable(columnsFor(options, hasLeases), computes, { width, paintTitle: paint.strong });
}

function columnsFor(
  { nowMs, paint, hasProjects, hasDestroyed }: ComputeTableOptions,
  hasLeases: boolean,
): Column<ComputeView>[] {
  return [
    ...(hasProjects ? [{ title: 'PROJECT', text: (row: ComputeView) => row.project }] : []),
    { title: 'NAME', text: (row) => row.name },
    { title: 'STATE', text: stateText, paint: (text, row) => paintState(row, paint)(text) },
    {
      title: 'FOR',
      text: (row) => formatDuration(Math.max(0, nowMs - Date.parse(row.stateSince))),
      align: 'right',
      spare: 2,
    },
    { title: 'SESSIONS', text: (row) => String(row.sessions), align: 'right', spare: 4 },
    { title: 'WAKES', text: (row) => String(row.wakes), align: 'right', spare: 5 },
    { title: 'SIZE', text: (row) => formatSize(row.size), align: 'right', spare: 3 },
    { title: 'ENGINE', text: engineText, spare: 1 },
    { title: 'DRIVER', text: (row) => row.driver, spare: 3 },
    ...(hasDestroyed
      ? [{ title: 'KEPT UNTIL', text: (row: ComputeView) => formatInstant(row.keptUntil) }]
      : [{ title: 'ADDRESS', text: (row: ComputeView) => `${row.host}:${row.port}` }]),
    ...(hasLeases
      ? [{ title: 'ENDS', text: (row: ComputeView) => leaseLeft(row, nowMs), paint: paint.careful, spare: 1 }]
      : []),
  ];
}

function paintState({ state }: ComputeView, paint: Paint): (text: string) => string {
  if (state === 'active') return paint.good;
  if (state === 'failed') return paint.bad;
  return state === 'suspended' || state === 'destroyed' ? paint.faint : paint.careful;
}
