import { DozeError } from '../errors/index.ts';
import type { Store } from '../store/index.ts';

const META_KEY = 'sharedPort';

/** Another port than the one set, kept for as long as the setting stays the same: addresses are to be stable. */
interface KeptPort {
  readonly wanted: number;
  readonly bound: number;
}

export function chooseSharedPort(store: Pick<Store, 'getMeta'>, wanted: number): number {
  const kept = readKept(store.getMeta(META_KEY));
  return kept !== null && kept.wanted === wanted ? kept.bound : wanted;
}

export function keepSharedPort(store: Pick<Store, 'setMeta'>, kept: KeptPort): void {
  store.setMeta(META_KEY, JSON.stringify(kept));
}

function readKept(text: string | null): KeptPort | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as KeptPort;
  } catch (cause) {
    throw new DozeError('STORE_DAMAGED', 'the record of the shared port cannot be read', { cause });
  }
}
