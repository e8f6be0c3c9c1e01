import type { ComputeView } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import { formatInstant } from './format.ts';

type Leased = Pick<ComputeView, 'leaseExpiresAt'>;

/** `destroyed with its data at 2026-11-25T23:10:14Z, in 58 min`; null for one that lasts. */
export function leaseText(compute: Leased & Pick<ComputeView, 'storage'>, nowMs: number): string | null {
  const { leaseExpiresAt, storage } = compute;
  if (leaseExpiresAt === null) return null;
  const what = storage === null ? 'destroyed with its data' : 'destroyed';
  return `ephemeral: ${what} at ${formatInstant(leaseExpiresAt)}, ${leaseLeft(compute, nowMs)}`;
}

/** `in 58 min`, `over`; empty for one that lasts. */
export function leaseLeft({ leaseExpiresAt }: Leased, nowMs: number): string {
  if (leaseExpiresAt === null) return '';
  const leftMs = Date.parse(leaseExpiresAt) - nowMs;
  return leftMs <= 0 ? 'over' : `in ${formatDuration(Math.ceil(leftMs / 1000) * 1000)}`;
}
