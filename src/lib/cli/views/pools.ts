import type { PoolView } from '../../api/client/index.ts';
import type { Paint } from '../colour.ts';
import { renderTable } from './table.ts';

export function poolTable(
  pools: readonly PoolView[],
  { paint, width }: { readonly paint: Paint; readonly width: number | null },
): string {
  return renderTable<PoolView>(
    [
      { title: 'IMAGE', text: imageOf },
      { title: 'DRIVER', text: ({ runs }) => runs?.driver ?? '-' },
      { title: 'VERSION', text: ({ runs }) => runs?.version ?? '-', spare: 1 },
      { title: 'READY', text: ({ ready, size }) => `${ready} of ${size}` },
      { title: 'STATE', text: stateOf },
    ],
    pools,
    { width, paintTitle: paint.strong },
  );
}

export function poolSentence(pool: PoolView): string {
  const { size, ready } = pool;
  if (size === 0) return `no pool of ${imageOf(pool)}; what it had is discarded`;
  return `${ready} of ${size} spares ready for ${imageOf(pool)}${ready < size ? '; it fills while nobody waits for a start' : ''}`;
}

/** The one that a new compute gets is not named by whoever asked for it. */
function imageOf({ image, runs }: PoolView): string {
  return image ?? (runs === null ? 'default' : `default (${runs.image ?? runs.driver})`);
}

function stateOf({ problem, making, discarding, ready, size }: PoolView): string {
  if (problem !== null) return problem.message;
  if (discarding > 0 || ready > size) return 'emptying';
  return making > 0 || ready < size ? 'filling' : 'full';
}
