import type { AgentServices } from '../../api/index.ts';
import type { AgentCore } from '../running.ts';

const KEEP_MS = 24 * 3_600_000;

/** Keys of requests, for a day. */
export function createKeyServices({ store, clock }: AgentCore): AgentServices['keys'] {
  const sinceMs = (): number => clock.wallMs() - KEEP_MS;
  return {
    find: (scope) => store.findKey(scope, sinceMs()),
    put: (kept) => store.putKey(kept, sinceMs()),
    forget: (scope) => store.forgetKey(scope),
  };
}
