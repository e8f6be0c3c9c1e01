import { DozeError } from '../errors/index.ts';
import { readOk } from '../mysql/index.ts';
import type { Arrival } from './arrival.ts';
import { backendLost } from './backend-link.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ComputeGate, GatedSession } from './compute-gate.ts';
import type { Core } from './core.ts';
import { logInAtServer, type ServerLogin } from './log-in-at-server.ts';
import { takePlace } from './pool/take-place.ts';
import type { Tenancy } from './pool/tenancy.ts';
import { Carry } from './parking/carry.ts';
import { reconnect } from './parking/reconnect.ts';
import { sessionClosed } from './refusal.ts';
import { Session } from './session.ts';
import { createWakeDeadline, wakeForSessions } from './wake.ts';

/** From an authenticated client to a session: wake, log in at the server as the same user, pass its answer on. */
export async function enter(core: Core, connection: ClientConnection, arrival: Arrival): Promise<void> {
  const { gate } = arrival;
  const { maxWaitersPerCompute } = core.options;
  if (gate.logins.size >= maxWaitersPerCompute) {
    throw new DozeError(
      'TOO_MANY_WAITERS',
      `${maxWaitersPerCompute} clients wait for compute "${gate.name}" already; try again in a moment`,
    );
  }
  const login = { client: connection.client, sinceMs: core.clock.monotonicMs() };
  gate.logins.add(login);
  gate.lastActivityMs = login.sinceMs;
  try {
    using deadline = createWakeDeadline(core, gate, connection.signal);
    const carry = new Carry({
      isRepeatable: arrival.admission.kind === 'accepted',
      connectionId: arrival.connectionId,
    });
    const shared = await takePlace(core, connection, arrival, carry, deadline.signal);
    const atServer = shared?.login ?? (await logInAtServer(core, connection, arrival, deadline.signal));
    noteFirstIn(core, connection, gate, login.sinceMs);
    try {
      startSession(core, connection, arrival, { atServer, carry, tenancy: shared?.tenancy ?? null });
    } catch (error) {
      atServer.backend.link.socket.destroy();
      throw error;
    }
  } finally {
    gate.logins.delete(login);
  }
}

/** For who wants to know where the time of a wake went. */
function noteFirstIn(core: Core, connection: ClientConnection, gate: ComputeGate, authenticatedMs: number): void {
  const { wokenMs } = gate;
  if (gate.firstIn !== null || wokenMs === null || wokenMs < authenticatedMs) return;
  gate.firstIn = {
    handshakeMs: authenticatedMs - connection.acceptedMs,
    loginMs: core.clock.monotonicMs() - wokenMs,
  };
}

function findOwnParked(gate: ComputeGate, user: string, connectionId: number): GatedSession | undefined {
  return [...gate.sessions].find(
    ({ who, isParked }) => who.connectionId === connectionId && who.user === user && isParked,
  );
}

interface Beginning {
  readonly atServer: ServerLogin;
  readonly carry: Carry;
  readonly tenancy: Tenancy | null;
}

function startSession(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  { atServer: { backend, payload }, carry, tenancy }: Beginning,
): void {
  const { gate, connectionId } = arrival;
  const { computeId } = gate;
  if (connection.signal.aborted || backend.link.socket.destroyed)
    throw backendLost('the server closed the connection after the login');
  core.ids.bind(connectionId, computeId, backend.greeting.connectionId);
  const early = connection.packets.drain();
  const session = new Session({
    clock: core.clock,
    gate,
    requestWake: () => {
      wakeForSessions(core, gate);
    },
    connection,
    link: backend.link,
    capabilities: arrival.greeted.response.capabilities,
    status: readOk(payload).status,
    who: { client: connection.client, user: arrival.user, connectionId },
    inspection: {
      backendIdOf: (id) => core.ids.backendIdOf(id, computeId),
      userSuffix: arrival.userSuffix,
      isOwnParked: (id) => findOwnParked(gate, arrival.user, id) !== undefined,
      endParked: (id) => findOwnParked(gate, arrival.user, id)?.end(sessionClosed('Connection was killed')),
    },
    carry,
    tenancy,
    reconnect: (signal) =>
      tenancy === null ? reconnect(core, connection, arrival, carry, signal) : tenancy.comeBack(signal),
    onParked: () => {
      core.ids.bind(connectionId, computeId, null);
      gate.turns.noteFreed();
    },
    onEnd: () => {
      core.ids.release(connectionId);
      gate.turns.noteFreed();
    },
  });
  gate.lastActivityMs = core.clock.monotonicMs();
  connection.packets.write(payload);
  session.start(early);
  const more = backend.packets.drain();
  if (more.length > 0) backend.link.receive(more);
}
