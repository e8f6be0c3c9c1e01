import type { ComputeView, OperationResult } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import { formatInstant } from './format.ts';

/** The sentence that says what an operation did. */
export function operationText(result: OperationResult): string {
  const { compute, action, tookMs } = result;
  const { name } = compute;
  const took = formatDuration(tookMs);
  switch (action) {
    case 'created':
      return `${name} created in ${took} (${[compute.driver, engineText(compute)].join(', ')})`;
    case 'resumed':
      return `${name} resumed in ${took}`;
    case 'restored':
      return `${name} restored with its data in ${took}`;
    case 'suspended':
      return `${name} suspended in ${took} (${compute.depth ?? compute.state})`;
    case 'restarted':
      return `${name} restarted in ${took}`;
    case 'destroyed':
      return `${name} destroyed${keptText(compute)}`;
    case 'purged':
      return `${name} destroyed, its data deleted`;
    case 'unchanged':
      return result.notes.length === 0 ? `${name} is already ${stateText(compute)}` : result.notes.join('\n');
  }
}

function keptText({ name, keptUntil }: ComputeView): string {
  if (keptUntil === null) return '';
  return `; its data is kept until ${formatInstant(keptUntil)} (doze compute start ${name} --restore)`;
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
