import type { Check } from '../../api/index.ts';
import { failed, ok, warning } from './check.ts';

const GIB = 1024 ** 3;
/** A server that finds no room for its next write stops; a new compute takes about 0.15 GiB. */
const FAILED_BELOW_BYTES = 0.5 * GIB;
const WARNING_BELOW_BYTES = 2 * GIB;

export function checkDisk({ home, freeBytes }: { readonly home: string; readonly freeBytes: number }): Check {
  const summary = `${(freeBytes / GIB).toFixed(1)} GiB free at ${home}`;
  const hint = `free some space, or move doze's home: DOZE_HOME=DIRECTORY`;
  if (freeBytes < FAILED_BELOW_BYTES) return failed('disk', summary, hint);
  return freeBytes < WARNING_BELOW_BYTES ? warning('disk', summary, hint) : ok('disk', summary);
}
