import type { DriverName, EngineName } from './compute.ts';
import { DozeError } from '../errors/index.ts';

/** How many spares are kept ready for new computes of one image. */
export interface Pool {
  /** Null for whatever a new compute gets when nobody says otherwise. */
  readonly image: string | null;
  readonly size: number;
}

/**
 * An instance that belongs to nobody yet: parked, with the template's data and no owner's account. A new compute that takes
 * it takes over its id, and with that its container, data and passwords: there is nothing to rename that could be half done.
 */
export interface Spare {
  /** Of the compute that it is to become. */
  readonly id: string;
  /** Which pool it was made for. */
  readonly pool: Pool['image'];
  readonly engine: EngineName;
  readonly engineVersion: string;
  readonly driver: DriverName;
  readonly image: string | null;
  /** What it was made from, and how: one of another recipe is not what a new compute would get. */
  readonly recipe: string;
  readonly cu: number;
  /** `making` and `discarding` are intents: whoever finds one finishes it. */
  readonly state: 'making' | 'ready' | 'discarding';
  readonly createdAtMs: number;
}

/** Each spare takes room on the disk: more than this was hardly meant. */
const MAX_SPARES = 100;

/** @throws VALUE_INVALID */
export function checkPoolSize(size: number | string): number {
  if (typeof size === 'number' && Number.isInteger(size) && size >= 0 && size <= MAX_SPARES) return size;
  throw new DozeError('VALUE_INVALID', `"${size}" is not the size of a pool`, {
    hint: `use a number from 0 to ${MAX_SPARES}; 0 for no pool`,
  });
}
