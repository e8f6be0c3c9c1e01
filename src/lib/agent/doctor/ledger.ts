import type { Check } from '../../api/index.ts';
import type { LedgerProblem } from '../../control/index.ts';
import { failed, ok } from './check.ts';

/** Computes run on meanwhile, and nothing that they use is lost; but nothing can be started or suspended. */
export function checkLedger(problem: LedgerProblem | null): Check {
  if (problem === null) return ok('ledger', 'what is used is put on record as it should be');
  const { error, sinceMs } = problem;
  return failed(
    'ledger',
    `nothing can be put on record since ${new Date(sinceMs).toISOString()}: ${error.message}; what is used meanwhile is billed later`,
    error.hint ?? 'doze agent logs',
  );
}
