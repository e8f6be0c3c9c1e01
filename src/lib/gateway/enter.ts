import { DozeError, hasCode } from '../errors/index.ts';
import { readOk } from '../mysql/index.ts';
import type { Arrival } from './arrival.ts';
import { comeInEarly } from './asleep/come-in-early.ts';
import { ConnectRecorder } from './asleep/connect-recorder.ts';
import { EarlyAnswers } from './asleep/early-answers.ts';
import { backendLost } from './backend-link.ts';
import type { GreetedBackend } from './backend-login.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ComputeGate } from './compute-gate.ts';
import { requireHost, type Core } from './core.ts';
import { logInAtServer } from './log-in-at-server.ts';
import { takePlace, takePlaceLater } from './pool/take-place.ts';
import type { Tenancy } from './pool/tenancy.ts';
import { Carry } from './parking/carry.ts';
import { GatewayTies, ownerOf } from './gateway-ties.ts';
import { Session } from './session.ts';
import { signOk } from './tls/sign-ok.ts';
import { createWakeDeadline } from './wake.ts';

const NOTHING = Buffer.alloc(0);

/**
 * From an authenticated client to a session: find a place for it among the others, wake, log in at the server as the same
 * user, pass its answer on. Where what the server would say is known, it is not even woken.
 */
export async function enter(core: Core, connection: ClientConnection, arrival: Arrival): Promise<void> {
  const { connectionId } = arrival;
  await admit(core, arrival);
  try {
    await enterAdmitted(core, connection, arrival);
  } catch (error) {
    requireHost(core).leave(connectionId);
    throw error;
  }
}

/** A limit of its account may have been lifted since the accounts were read. */
async function admit(
  core: Core,
  { gate: { computeId }, connectionId, admission: { account } }: Arrival,
): Promise<void> {
  const host = requireHost(core);
  try {
    await host.admit(computeId, connectionId, account);
  } catch (error) {
    const isOfAccount = hasCode(error, 'ACCOUNT_LIMIT_REACHED') || hasCode(error, 'TOO_MANY_USER_CONNECTIONS');
    if (!isOfAccount || (await host.activeEndpoint(computeId)) === null) throw error;
    await host.refreshAccounts(computeId);
    await host.admit(computeId, connectionId, account);
  }
}

async function enterAdmitted(core: Core, connection: ClientConnection, arrival: Arrival): Promise<void> {
  const early = await comeInEarly(core, arrival);
  if (early === null) {
    await enterAtServer(core, connection, arrival);
  } else {
    core.throttle.succeed(arrival.attempt);
    const carry = carryFor(arrival);
    const answers = new EarlyAnswers(early);
    const tenancy = await takePlaceLater(core, connection, arrival, carry, answers);
    startSession(core, connection, arrival, { payload: early.answer, early: answers, carry, tenancy });
  }
}

async function enterAtServer(core: Core, connection: ClientConnection, arrival: Arrival): Promise<void> {
  const { gate, user, greeted } = arrival;
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
    const carry = carryFor(arrival);
    const shared = await takePlace(core, connection, arrival, carry, deadline.signal);
    const { backend, payload } = shared?.login ?? (await logInAtServer(core, connection, arrival, deadline.signal));
    const tenancy = shared?.tenancy ?? null;
    core.throttle.succeed(arrival.attempt);
    noteFirstIn(core, connection, gate, login.sinceMs);
    try {
      const isKnown = arrival.admission.kind === 'accepted';
      const recorder = isKnown ? new ConnectRecorder(gate.connects.record(user, greeted.response, payload)) : null;
      startSession(core, connection, arrival, { backend, payload, recorder, carry, tenancy });
    } catch (error) {
      backend.link.socket.destroy();
      throw error;
    }
    gate.lastActivityMs = core.clock.monotonicMs();
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
    wokenMs,
  };
}

function carryFor({ admission, connectionId }: Arrival): Carry {
  return new Carry({ isRepeatable: admission.kind === 'accepted', connectionId });
}

/** What the client's password was asked by is of no use after the login, and would be kept as long as the session. */
function withoutAnswer({ greeted, ...arrival }: Arrival): Arrival {
  const response = { ...greeted.response, authResponse: NOTHING };
  return { ...arrival, greeted: { scramble: NOTHING, response } };
}

/** How a session begins: at the server, or without it. */
interface Beginning {
  /** The server's OK to the login. */
  readonly payload: Buffer;
  readonly backend?: GreetedBackend;
  readonly recorder?: ConnectRecorder | null;
  readonly early?: EarlyAnswers;
  readonly carry: Carry;
  readonly tenancy: Tenancy | null;
}

function startSession(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  { payload, backend, recorder = null, early, carry, tenancy }: Beginning,
): void {
  const { gate, connectionId } = arrival;
  if (connection.isGone || backend?.link.socket.destroyed === true)
    throw backendLost('the server closed the connection after the login');
  core.ids.bind(connectionId, ownerOf(arrival), backend?.greeting.connectionId ?? null);
  const ahead = connection.packets.drain();
  const session = new Session({
    clock: core.clock,
    gate,
    connection,
    early: early ?? null,
    capabilities: arrival.greeted.response.capabilities,
    status: readOk(payload).status,
    who: { client: connection.client, user: arrival.user, connectionId, connectedMs: connection.acceptedMs },
    ties: new GatewayTies(core, connection, withoutAnswer(arrival), { carry, tenancy, early: early ?? null }),
    carry,
    tenancy,
  });
  connection.packets.write(signOk(connection, arrival, payload));
  session.start({ link: backend?.link ?? null, recorder, ahead });
  const more = backend?.packets.drain() ?? NOTHING;
  if (more.length > 0) backend?.link.receive(more);
  connection.dropSignal();
  tenancy?.noteBegun();
}
