import { boolean, string } from '@oclif/core/flags';

import type { StartRequest } from '../api/client/index.ts';
import { checkLease, parseDuration } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

/** Of commands that make a compute. */
export const leaseFlags = {
  ephemeral: boolean({ description: 'destroyed with its data when its lease is over; each start renews that' }),
  lease: string({ description: '[default: 1h] how long that is, with --ephemeral', helpValue: 'DURATION' }),
};

/** @throws USAGE, DURATION_INVALID, VALUE_INVALID */
export function leaseRequest(
  name: string,
  typed: { readonly ephemeral: boolean; readonly lease?: string | undefined },
): Pick<StartRequest, 'ephemeral' | 'leaseSeconds'> {
  const { ephemeral, lease } = typed;
  if (!ephemeral && lease !== undefined)
    throw new DozeError('USAGE', '--lease goes with --ephemeral: only what may be destroyed has a lease', {
      hint: `doze compute start ${name} --ephemeral --lease ${lease}`,
    });
  return {
    ...(ephemeral && { ephemeral }),
    ...(lease !== undefined && { leaseSeconds: checkLease(parseDuration(lease)) / 1000 }),
  };
}

/** Of `compute set`: another length from now on, or null for none. @throws USAGE, DURATION_INVALID, VALUE_INVALID */
export function leaseChange(
  name: string,
  typed: { readonly keep: boolean; readonly lease?: string | undefined },
): { readonly leaseSeconds?: number | null } {
  const { keep, lease } = typed;
  const isNone = lease === 'none' || lease === 'never';
  if (keep && lease !== undefined && !isNone)
    throw new DozeError('USAGE', '--keep has it last, and --lease gives it an end: use one of them', {
      hint: `doze compute set ${name} --keep`,
    });
  if (keep || isNone) return { leaseSeconds: null };
  return lease === undefined ? {} : { leaseSeconds: checkLease(parseDuration(lease)) / 1000 };
}
