import type { Check } from '../../api/index.ts';
import { canServe } from '../../domain/index.ts';
import type { ServiceWatch } from '../../storage/index.ts';
import { failed, ok, warning } from './check.ts';

/** Nothing about the storage tier where none is registered: computes on volumes do not need one. */
export function checkStorage(watches: readonly ServiceWatch[]): Check[] {
  const [first] = watches;
  if (first === undefined) return [];
  const bad = watches.filter((watch) => watch.health().verdict !== 'healthy');
  if (bad.length === 0) return [ok('storage', `${watches.map(({ service }) => service.name).join(', ')}: healthy`)];
  const summary = bad.map((watch) => `${watch.service.name} is ${watch.health().verdict}`).join(', ');
  const check = bad.every((watch) => canServe(watch.health().verdict)) ? warning : failed;
  return [check('storage', summary, 'doze storage status')];
}
