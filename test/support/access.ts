import { keepAuditTrail, type KeptAuditTrail } from '../../src/lib/agent/access/audit-trail.ts';
import { createTokens, type Tokens } from '../../src/lib/agent/access/token-book.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { createSilentLogger } from '../../src/lib/logger.ts';
import { createStore, type Store } from '../../src/lib/store/index.ts';

export interface TestAccess {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly trail: KeptAuditTrail;
}

const KEEP_MS = 86_400_000;

/** Tokens and an audit trail in a store of their own. */
export function createTestAccess(clock: Clock, store: Store = createStore({ path: ':memory:' })): TestAccess {
  const tokens = createTokens(store, clock);
  return { store, tokens, trail: keepAuditTrail({ records: store, clock, logger: createSilentLogger() }, KEEP_MS) };
}
