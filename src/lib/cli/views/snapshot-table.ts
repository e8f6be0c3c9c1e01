import type { StorageSnapshotView } from '../../api/client/index.ts';
import type { Paint } from '../colour.ts';
import { formatCount } from './format.ts';
import { renderTable } from './table.ts';

export function snapshotTable(
  snapshots: readonly StorageSnapshotView[],
  { paint, width }: { readonly paint: Paint; readonly width: number | null },
): string {
  return renderTable<StorageSnapshotView>(
    [
      { title: 'ID', text: ({ id }) => id },
      { title: 'LSN', text: ({ lsn }) => (lsn === null ? '-' : formatCount(lsn)), align: 'right' },
      { title: 'CREATED', text: ({ createdAt }) => createdAt ?? '-', spare: 1 },
      { title: 'DESCRIPTION', text: ({ description }) => description },
    ],
    snapshots,
    { width, paintTitle: paint.strong },
  );
}
