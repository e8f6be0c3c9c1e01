import type { Compute } from '../domain/index.ts';
import type { ComputeView } from './contract.ts';
import { isoTime } from './iso-time.ts';

export function leaseView({
  lease = null,
}: Pick<Compute, 'lease'>): Pick<ComputeView, 'ephemeral' | 'leaseSeconds' | 'leaseExpiresAt'> {
  if (lease === null) return { ephemeral: false, leaseSeconds: null, leaseExpiresAt: null };
  return { ephemeral: true, leaseSeconds: lease.lengthMs / 1000, leaseExpiresAt: isoTime(lease.expiresAtMs) };
}
