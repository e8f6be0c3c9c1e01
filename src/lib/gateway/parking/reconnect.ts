import { DozeError, hasCode, toDozeError } from '../../errors/index.ts';
import type { Arrival } from '../arrival.ts';
import type { EarlyAnswers } from '../asleep/early-answers.ts';
import type { BackendLink } from '../backend-link.ts';
import type { ClientConnection } from '../client-connection.ts';
import type { Core } from '../core.ts';
import { logInAtServer } from '../log-in-at-server.ts';
import { createWakeDeadline } from '../wake.ts';
import type { Carry } from './carry.ts';

/**
 * A connection to the server for a session that was parked: the same user logs in again, and what the session had is put
 * back. Wakes the compute if need be.
 * @param signal ends with the session, its client's departure included
 * @throws SESSION_CLOSED when it would not be the same session any more, and what a wake throws
 */
export async function reconnect(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  { carry, early }: { readonly carry: Carry; readonly early: EarlyAnswers | null },
  signal: AbortSignal,
): Promise<BackendLink> {
  const { gate, user, connectionId, greeted } = arrival;
  using deadline = createWakeDeadline(core, gate, signal);
  const { response } = greeted;
  // The database that it has now comes with the rest of what it has.
  const again = carry.isFresh
    ? arrival
    : { ...arrival, greeted: { ...greeted, response: { ...response, database: null } } };
  const { backend } = await logInAtServer(core, connection, again, deadline.signal);
  try {
    await carry.restore(backend.link, response.capabilities);
    if ((await early?.settle(backend.link, response.capabilities)) === true) carry.noteCommand();
    deadline.signal.throwIfAborted();
  } catch (error) {
    backend.link.socket.destroy();
    throw notRestored(gate.name, error);
  }
  core.ids.bind(connectionId, { computeId: gate.computeId, user }, backend.greeting.connectionId);
  return backend.link;
}

function notRestored(compute: string, error: unknown): DozeError {
  if (hasCode(error, 'INTERRUPTED') || hasCode(error, 'WAKE_TIMED_OUT')) return error;
  const { message } = toDozeError(error);
  return new DozeError(
    'SESSION_CLOSED',
    `compute "${compute}" slept, and this session could not be put back as it was (${message}); connect again`,
    { cause: error },
  );
}
