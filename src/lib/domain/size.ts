import { DozeError } from '../errors/index.ts';

const STEP_CU = 0.25;
const MAX_CU = 64;
const MEMORY_BYTES_PER_CU = 4 * 1024 ** 3;

/** Compute units: 1 CU is 1 vCPU and 4 GiB. Quarters are exact in a double. */
export interface Size {
  readonly min: number;
  readonly max: number;
  readonly now: number;
}

/** Reads `0.25` or `1` as CU. @throws SIZE_INVALID */
export function parseSize(text: string): number {
  const cu = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (cu >= STEP_CU && cu <= MAX_CU && Number.isInteger(cu / STEP_CU)) return cu;
  throw new DozeError('SIZE_INVALID', `"${text}" is not a size`, {
    hint: `use compute units from ${STEP_CU} to ${MAX_CU} in steps of ${STEP_CU}; 1 is 1 vCPU and 4 GiB`,
  });
}

export function memoryBytes(cu: number): number {
  return cu * MEMORY_BYTES_PER_CU;
}
