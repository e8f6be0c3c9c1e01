import type { ComputeView, OperationResult } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import { formatInstant, formatSize } from './format.ts';

/** The sentence that says what an operation did. */
export function operationText(result: OperationResult): string {
  const { compute, action, tookMs } = result;
  const { name } = compute;
  const took = formatDuration(tookMs);
  switch (action) {
    case 'created':
      return `${name} created in ${took} (${[compute.driver, engineText(compute)].join(', ')})`;
    case 'cloned':
      return `${name} cloned in ${took} (${[compute.driver, engineText(compute)].join(', ')})`;
    case 'resumed':
      return `${name} resumed in ${took}`;
    case 'restored':
      return `${name} restored with its data in ${took}`;
    case 'suspended':
      return `${name} suspended in ${took} (${compute.depth ?? compute.state})`;
    case 'restarted':
      return `${name} restarted in ${took}`;
    case 'resized':
      return `${name} resized in ${took} (${formatSize(compute.size)})`;
    case 'changed':
      return `${name} changed`;
    case 'destroyed':
      return `${name} destroyed${keptText(compute)}`;
    case 'purged':
      return `${name} destroyed, ${compute.storage === null ? 'its data deleted' : REMAINS}`;
    case 'unchanged':
      return result.notes.length === 0 ? `${name} is already ${stateText(compute)}` : result.notes.join('\n');
  }
}

/** doze starts and stops what reads and writes there; it deletes nothing. */
const REMAINS = 'its data stays in the storage tier';

function keptText({ name, keptUntil, storage }: ComputeView): string {
  if (keptUntil === null) return storage === null ? '' : `; ${REMAINS}`;
  const untilWhen = `until ${formatInstant(keptUntil)}`;
  const wayBack = `doze compute start ${name} --restore`;
  if (storage !== null) return `; ${REMAINS}, and ${untilWhen} it can come back (${wayBack})`;
  return `; its data is kept ${untilWhen} (${wayBack})`;
}

/** What `--json` gives for an operation: the compute, and what was done to it. */
export function operationJson({ compute, ...rest }: OperationResult): ComputeView & Omit<OperationResult, 'compute'> {
  return { ...compute, ...rest };
}

/** `suspended (parked)`, `active`. */
export function stateText({ state, depth }: Pick<ComputeView, 'state' | 'depth'>): string {
  return state === 'suspended' && depth !== null ? `suspended (${depth})` : state;
}

/** `mariadb 10.11.19` */
export function engineText({ engine, version }: Pick<ComputeView, 'engine' | 'version'>): string {
  return version === null ? engine : `${engine} ${version.replace(/-.*/, '')}`;
}
