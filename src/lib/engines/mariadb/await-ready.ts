import { abortReason, type Clock } from '../../clock.ts';
import { hasCode } from '../../errors/index.ts';
import { connect, serverErrorOf, type SqlConnection } from '../../sql/index.ts';
import type { SqlTarget } from '../engine.ts';

/** A start takes 85 ms at best, so that a fine step is felt and a coarse one wasted; later it is only polite. */
const FIRST_PAUSE_MS = 5;
const LAST_PAUSE_MS = 50;
const PAUSE_GROWTH = 1.1;
/** A server that accepts but never greets (frozen, or another program) must not use up the whole deadline. */
const CONNECT_TIMEOUT_MS = 5_000;

const TOO_MANY_CONNECTIONS = 1040;
const SERVER_SHUTDOWN = 1053;
const PASSING_REFUSALS: ReadonlySet<number> = new Set([TOO_MANY_CONNECTIONS, SERVER_SHUTDOWN]);

export async function awaitReady(
  target: SqlTarget,
  clock: Clock,
  signal: AbortSignal,
  mayPass: (error: unknown) => boolean = isPassing,
): Promise<{ readonly serverVersion: string }> {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    try {
      return await readVersion(target, signal);
    } catch (error) {
      if (signal.aborted) throw abortReason(signal);
      if (!mayPass(error)) throw error;
    }
    await clock.sleep(pauseMs, signal);
    pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * PAUSE_GROWTH);
  }
}

async function readVersion(target: SqlTarget, signal: AbortSignal): Promise<{ serverVersion: string }> {
  await using connection: SqlConnection = await connect(target, { signal, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  const [row] = await connection.queryRows('SELECT VERSION() AS version');
  return { serverVersion: String(row?.['version']) };
}

/** What a server says on its way up. */
export function isPassing(error: unknown): boolean {
  if (hasCode(error, 'BACKEND_LOST')) return true;
  const said = serverErrorOf(error);
  return said !== null && PASSING_REFUSALS.has(said.errno);
}
