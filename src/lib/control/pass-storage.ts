import { createDeadline } from '../clock.ts';
import type { PageServerStorage } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Core } from './core.ts';

/** Beyond the patience: for the last look. */
const MARGIN_MS = 3_000;

/**
 * Before anything is on record: a compute that may not start is left as it was.
 * @throws STORAGE_UNAVAILABLE, STORAGE_NOT_FOUND
 */
export async function passStorage(
  { storageTier, settings }: Pick<Core, 'storageTier' | 'settings'>,
  storage: PageServerStorage,
): Promise<void> {
  const { storagePatienceMs } = settings;
  const limitMs = storagePatienceMs + MARGIN_MS;
  const late = (): DozeError =>
    new DozeError(
      'STORAGE_UNAVAILABLE',
      `the Page Server "${storage.pageServer}" or the Safekeepers "${storage.safekeepers}" did not answer within ${limitMs / 1000} s`,
    );
  using deadline = createDeadline(limitMs, late);
  await storageTier.pass(storage, storagePatienceMs, deadline.signal);
}
