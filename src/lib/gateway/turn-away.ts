import type { DozeError } from '../errors/index.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Core } from './core.ts';
import type { HeldFailure } from './failure-book.ts';
import { accessDenied } from './refusal.ts';
import type { LoginAttempt } from './throttle.ts';

/** Longer than it takes to look anything up: what was looked up does not show in the time. */
const LEAST_MS = 50;

export interface Refused {
  readonly attempt: LoginAttempt;
  readonly hasPassword: boolean;
  /** Monotonic time at which the client had said all there was to judge. */
  readonly answeredMs: number;
  /** Counted already; it is let go at the end. */
  readonly failure?: HeldFailure;
}

/** The refusal of a login, after it was held back. The same for whatever is wrong with it. */
export async function turnAway(core: Core, connection: ClientConnection, refused: Refused): Promise<DozeError> {
  const { attempt, hasPassword, answeredMs } = refused;
  using failure = refused.failure ?? core.throttle.fail(attempt);
  const leastMs = answeredMs + LEAST_MS - core.clock.monotonicMs();
  await core.clock.sleep(Math.max(failure.delayMs, leastMs), connection.signal);
  return accessDenied(attempt.user, connection.address, hasPassword);
}
