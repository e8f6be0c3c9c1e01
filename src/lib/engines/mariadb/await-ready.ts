import { abortReason, createDeadline, type Clock } from '../../clock.ts';
import { DozeError, hasCode } from '../../errors/index.ts';
import { connect, openSocket, serverErrorOf } from '../../sql/index.ts';
import type { Listening, Ready, SqlTarget } from '../engine.ts';
import { readFirstAnswer, type FirstAnswer } from './first-answer.ts';
import type { PollPace, Turn } from './poll-pace.ts';

/** A server that accepts but never greets (frozen, or another program) must not use up the whole deadline. */
const CONNECT_TIMEOUT_MS = 5_000;

const TOO_MANY_CONNECTIONS = 1040;
const SERVER_SHUTDOWN = 1053;
const PASSING_REFUSALS: ReadonlySet<number> = new Set([TOO_MANY_CONNECTIONS, SERVER_SHUTDOWN]);

export interface AwaitReadyDeps {
  readonly clock: Clock;
  readonly pace: PollPace;
  readonly listening?: Listening | undefined;
}

export async function awaitReady(
  target: SqlTarget,
  { clock, pace, listening }: AwaitReadyDeps,
  signal: AbortSignal,
  mayPass: (error: unknown) => boolean = isPassing,
): Promise<Ready> {
  const beganMs = clock.monotonicMs();
  using turn = pace.begin();
  for (;;) {
    try {
      return await askVersion(target, { clock, beganMs }, signal);
    } catch (error) {
      if (signal.aborted) throw abortReason(signal);
      if (!mayPass(error)) throw error;
    }
    await pause(clock, turn, listening, signal);
  }
}

/** Until it is time for another try, or the server says that it is. */
async function pause(clock: Clock, turn: Turn, listening: Listening | undefined, signal: AbortSignal): Promise<void> {
  if (listening === undefined || listening.stage === 'begun') return clock.sleep(turn.nextPauseMs(), signal);
  const begun = new AbortController();
  const sleep = clock.sleep(turn.nextPauseMs(listening.stage), AbortSignal.any([signal, begun.signal]));
  // The one that is given up below.
  sleep.catch(() => undefined);
  await Promise.race([listening.begun, sleep]);
  begun.abort();
}

interface Asking {
  readonly clock: Clock;
  readonly beganMs: number;
}

async function askVersion(target: SqlTarget, { clock, beganMs }: Asking, signal: AbortSignal): Promise<Ready> {
  using deadline = createDeadline(CONNECT_TIMEOUT_MS, () => silence(target), signal);
  const socket = await openSocket(target, deadline.signal);
  const openMs = clock.monotonicMs();
  const first = await readFirstAnswer(socket, target, clock, deadline.signal);
  const { serverVersion, loggedInMs } = first ?? (await askAtLeisure(target, clock, signal));
  return {
    serverVersion,
    phasesMs: {
      listen: openMs - beganMs,
      login: loggedInMs - openMs,
      query: clock.monotonicMs() - loggedInMs,
    },
  };
}

/** @throws what a login and a query throw */
async function askAtLeisure(target: SqlTarget, clock: Clock, signal: AbortSignal): Promise<FirstAnswer> {
  const connection = await connect(target, { signal, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  try {
    const loggedInMs = clock.monotonicMs();
    const [row] = await connection.queryRows('SELECT VERSION() AS version');
    return { serverVersion: String(row?.['version']), loggedInMs };
  } finally {
    // Nobody has to wait for the goodbye.
    void connection.close();
  }
}

function silence({ host, port }: SqlTarget): DozeError {
  return new DozeError(
    'BACKEND_LOST',
    `no answer from the server at ${host}:${port} within ${CONNECT_TIMEOUT_MS / 1000} s`,
  );
}

/** What a server says on its way up. */
export function isPassing(error: unknown): boolean {
  if (hasCode(error, 'BACKEND_LOST')) return true;
  const said = serverErrorOf(error);
  return said !== null && PASSING_REFUSALS.has(said.errno);
}
