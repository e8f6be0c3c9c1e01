import type { PlaceRequest } from './place-request.ts';
import { isToBeHad, type PooledBackend } from './pooled-backend.ts';

/** `reuse`: make it the other session's. `replace`: close it and open another one. */
export type Choice =
  { readonly kind: 'connect' } | { readonly kind: 'reuse' | 'replace'; readonly pooled: PooledBackend };

/**
 * What is best for the session whose turn it is: a connection that nobody has left anything on; a new one; that of the
 * session that has been idle for the longest, of the same user if possible. Null while all are in use.
 * @param backends those idle for the longest first
 */
export function pickConnection(
  backends: Iterable<PooledBackend>,
  request: Pick<PlaceRequest, 'key' | 'needsNew'>,
  isFull: boolean,
): Choice | null {
  let idle: PooledBackend | null = null;
  let free: PooledBackend | null = null;
  let other: PooledBackend | null = null;
  for (const pooled of backends) {
    if (!isToBeHad(pooled)) continue;
    const isUsable = pooled.key !== null && pooled.key === request.key && !request.needsNew(pooled);
    if (isUsable && pooled.state === 'free') return { kind: 'reuse', pooled };
    if (isUsable) idle ??= pooled;
    else if (pooled.state === 'free') free ??= pooled;
    else other ??= pooled;
  }
  if (!isFull) return { kind: 'connect' };
  if (idle !== null) return { kind: 'reuse', pooled: idle };
  const replaced = free ?? other;
  return replaced === null ? null : { kind: 'replace', pooled: replaced };
}
