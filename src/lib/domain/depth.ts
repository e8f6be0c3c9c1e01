import { DozeError } from '../errors/index.ts';

/** How far down a suspended compute is, shallowest first. */
export const DEPTHS = ['frozen', 'hibernated', 'parked', 'stopped', 'removed'] as const;
export type Depth = (typeof DEPTHS)[number];

export function isDeeper(depth: Depth, than: Depth): boolean {
  return DEPTHS.indexOf(depth) > DEPTHS.indexOf(than);
}

/** Whether the server process lives on at this depth, and with it connections, transactions and locks. */
export function keepsProcess(depth: Depth): depth is 'frozen' | 'hibernated' {
  return depth === 'frozen' || depth === 'hibernated';
}

export function parseDepth(text: string): Depth {
  const depth = DEPTHS.find((known) => known === text);
  if (depth !== undefined) return depth;
  throw new DozeError('DEPTH_INVALID', `"${text}" is not a depth`, { hint: `choose one of ${DEPTHS.join(', ')}` });
}
