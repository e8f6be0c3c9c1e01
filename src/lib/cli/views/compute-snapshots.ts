import type { ComputeSnapshotView, CopyView } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import type { Paint } from '../colour.ts';
import { formatBytes, formatInstant } from './format.ts';
import { renderTable } from './table.ts';

/** What a copy took: time, room, and for how long the original stood still. */
export function copyText({ bytes, isCopyOnWrite, frozenMs, tookMs, consistency }: CopyView): string {
  const what = isCopyOnWrite
    ? `${formatBytes(bytes)} shared with the original, nothing extra yet`
    : `${formatBytes(bytes)} copied`;
  const stood =
    frozenMs === null ? 'the original was asleep' : `the original was frozen for ${formatDuration(frozenMs)}`;
  return `${what} in ${formatDuration(tookMs)}; ${stood} (${consistency})`;
}

export function computeSnapshotTable(
  snapshots: readonly ComputeSnapshotView[],
  { paint, width }: { readonly paint: Paint; readonly width: number | null },
): string {
  return renderTable<ComputeSnapshotView>(
    [
      { title: 'NAME', text: ({ name }) => name },
      { title: 'CREATED', text: ({ createdAt }) => formatInstant(createdAt) },
      { title: 'SIZE', text: ({ bytes }) => formatBytes(bytes), align: 'right' },
      { title: 'COPY', text: ({ isCopyOnWrite }) => (isCopyOnWrite ? 'shared' : 'plain'), spare: 2 },
      { title: 'CONSISTENCY', text: ({ consistency }) => consistency, spare: 1 },
    ],
    snapshots,
    { width, paintTitle: paint.strong },
  );
}
