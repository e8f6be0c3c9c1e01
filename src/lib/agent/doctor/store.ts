import type { Check } from '../../api/index.ts';
import type { Store } from '../../store/index.ts';
import { failed, ok } from './check.ts';

export function checkStore(verdict: ReturnType<Store['verify']>, database: string): Check {
  if (verdict.isConsistent) return ok('store', `records and event log in ${database} agree`);
  const [first, ...more] = verdict.differences;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return failed(
    'store',
    `records and event log differ: ${first ?? 'unknown'}${rest}`,
    `cp ${database} ${database}.backup, then report it`,
  );
}
