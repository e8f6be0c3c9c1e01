import { DozeError } from '../errors/index.ts';

const STEP_CU = 0.25;
const MAX_CU = 64;
const MEMORY_BYTES_PER_CU = 4 * 1024 ** 3;

/** Compute units between which a compute may be sized by its load; the same twice for a fixed size. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

/** Compute units: 1 CU is 1 vCPU and 4 GiB. Quarters are exact in a double. */
export interface Size extends SizeRange {
  readonly now: number;
}

/** Reads `0.25` or `1` as CU. @throws SIZE_INVALID */
export function parseSize(text: string): number {
  return checkSize(/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN, text);
}

/** Reads `0.25-2`, or `0.5` for a fixed size. @throws SIZE_INVALID */
export function parseSizeRange(text: string): SizeRange {
  const [first = '', last, ...more] = text.split('-');
  if (more.length > 0 || first.trim() === '' || last?.trim() === '') throw notASize(text);
  const min = parseSize(first);
  return checkSizeRange({ min, max: last === undefined ? min : parseSize(last) });
}

/** Whatever form it came in. @throws SIZE_INVALID */
export function checkSizeRange({ min, max }: SizeRange): SizeRange {
  checkSize(min, String(min));
  checkSize(max, String(max));
  if (min <= max) return { min, max };
  throw new DozeError('SIZE_INVALID', `"${min}-${max}" is not a range: ${min} is more than ${max}`, {
    hint: `say the smaller size first: ${max}-${min}`,
  });
}

/** `0.25-2`, or `0.5` for a fixed size. */
export function formatSizeRange({ min, max }: SizeRange): string {
  return min === max ? String(min) : `${min}-${max}`;
}

export function isSameRange(one: SizeRange, other: SizeRange): boolean {
  return one.min === other.min && one.max === other.max;
}

/** The size within the range that is next to this one. */
export function clampSize(cu: number, { min, max }: SizeRange): number {
  return Math.min(max, Math.max(min, cu));
}

/** The smallest size that is no less than this. */
export function roundUpSize(cu: number): number {
  return Math.max(STEP_CU, Math.ceil(cu / STEP_CU) * STEP_CU);
}

/** The largest size that is no more than this, or 0 where none is so small. */
export function roundDownSize(cu: number): number {
  return Math.max(0, Math.floor(cu / STEP_CU) * STEP_CU);
}

export function memoryBytes(cu: number): number {
  return cu * MEMORY_BYTES_PER_CU;
}

function checkSize(cu: number, text: string): number {
  if (cu >= STEP_CU && cu <= MAX_CU && Number.isInteger(cu / STEP_CU)) return cu;
  throw notASize(text);
}

function notASize(text: string): DozeError {
  return new DozeError('SIZE_INVALID', `"${text}" is not a size`, {
    hint:
      `use compute units from ${STEP_CU} to ${MAX_CU} in steps of ${STEP_CU}, or a range such as 0.25-2; ` +
      '1 is 1 vCPU and 4 GiB',
  });
}
