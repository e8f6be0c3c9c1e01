import { keepsProcess, type Compute, type ComputeSpec, type Size } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import type { Need } from './plan-room.ts';
import type { PlaceRequest } from './line.ts';

/** Of one that is to be made. */
export function newPlaceOf(compute: ComputeSpec): PlaceRequest {
  const need = anySizeOf(compute.size);
  return { compute, need: () => need };
}

/** Of a compute that is on record. */
export function resumeRequestOf(core: Core, computeId: string): PlaceRequest {
  const compute = core.journal.require(computeId);
  return { compute, need: () => resumeNeed(core.journal.require(computeId)) };
}

/**
 * One with a range of sizes starts with what is left of its host; what is frozen as it ran holds what it held.
 * @throws STATE_CONFLICT when it was destroyed
 */
export function resumeNeed({ name, state, depth, size }: Compute): Need {
  if (state === 'destroying' || state === 'destroyed') {
    throw new DozeError('STATE_CONFLICT', `compute "${name}" was destroyed while it waited for its turn`, {
      hint: `doze compute start ${name} --restore`,
    });
  }
  const isKept = depth !== null && keepsProcess(depth);
  return isKept ? { leastCu: size.now, mostCu: size.now } : anySizeOf(size);
}

function anySizeOf({ min, now }: Size): Need {
  return { leastCu: Math.min(min, now), mostCu: now };
}
