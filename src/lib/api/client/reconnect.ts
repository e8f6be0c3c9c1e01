import { createSystemClock } from '../../clock.ts';
import { DozeError, hasCode } from '../../errors/index.ts';
import type { RemoteParts } from './link.ts';

export interface Reconnects<Result> {
  readonly remote: RemoteParts;
  /** Asking twice does nothing twice. */
  readonly isRepeatable: boolean;
  /** Whether the agent is known to have begun. */
  readonly hasBegun: () => boolean;
  /** Goes on with what was begun; null where that cannot be. */
  readonly resume: () => Promise<Result> | null;
  /** Asks for anything, to hear why one is not let in any more. */
  readonly why: () => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** A quarter of a minute in all. */
export const PAUSES_MS: readonly number[] = [100, 500, 1_000, 2_000, 4_000, 8_000];

/**
 * A connection to another machine gets lost, and most are back in a moment. What only asks is asked again, if this agent
 * had been reached before; what changes something is not: whether it was heard cannot be known, and the error says so.
 */
export async function withReconnects<Result>(
  attempt: () => Promise<Result>,
  options: Reconnects<Result>,
): Promise<Result> {
  const { remote, isRepeatable, signal } = options;
  const clock = createSystemClock();
  for (const pauseMs of PAUSES_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (!hasCode(error, 'AGENT_UNREACHABLE') || signal.aborted || !remote.hasConnected()) throw error;
      if (!isRepeatable) return await goOn(error, options);
      await clock.sleep(pauseMs, signal);
    }
  }
  return attempt();
}

/** The end of what the agent had begun, or why there is none to be had. */
async function goOn<Result>(error: DozeError, options: Reconnects<Result>): Promise<Result> {
  const { remote, hasBegun, resume, why } = options;
  const resumed = hasBegun() ? resume() : null;
  if (resumed === null) throw await lost(error, remote, hasBegun(), why);
  return await resumed.catch(async (thrown: unknown) => {
    const isAway = hasCode(thrown, 'AGENT_UNREACHABLE') || hasCode(thrown, 'TOKEN_REFUSED');
    throw isAway ? await lost(error, remote, true, () => Promise.reject(thrown)) : thrown;
  });
}

/** A token that was revoked meanwhile is the better answer. */
async function lost(
  error: DozeError,
  { url, name }: RemoteParts,
  hasBegun: boolean,
  why: () => Promise<unknown>,
): Promise<DozeError> {
  const refusal = await why().then(
    () => null,
    (thrown: unknown) => (hasCode(thrown, 'TOKEN_REFUSED') ? thrown : null),
  );
  const what = hasBegun
    ? 'the agent had begun what was asked for, and goes on with it'
    : 'whether the agent had heard what was asked for is not known';
  if (refusal !== null) {
    const { code, message, hint, details } = refusal;
    return new DozeError(code, `${message}; ${what}`, {
      details,
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  return new DozeError('AGENT_UNREACHABLE', `the connection to ${url} (context "${name}") was lost: ${what}`, {
    hint: 'doze compute list, doze compute events (what came of it)',
    cause: error,
    details: error.details,
  });
}
