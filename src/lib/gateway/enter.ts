import type { Endpoint } from '../drivers/index.ts';
import { DozeError, hasCode } from '../errors/index.ts';
import { readErr, readOk, withoutTransforms } from '../mysql/index.ts';
import { backendLost } from './backend-link.ts';
import { greetBackend, isMismatch, loginWithStage1, type GreetedBackend, type LoginOutcome } from './backend-login.ts';
import type { Admission } from './authenticate-client.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Core } from './core.ts';
import { requireHost } from './core.ts';
import type { Destination } from './find-compute.ts';
import type { Greeted } from './greet.ts';
import { accessDenied } from './refusal.ts';
import { relayLogin } from './relay-login.ts';
import { Session } from './session.ts';
import { createWakeDeadline, reachForLogin, wakeForSessions } from './wake.ts';

/** A client that may go on to the server. */
export interface Arrival extends Destination {
  readonly connectionId: number;
  readonly greeted: Greeted;
  readonly admission: Admission;
}

const MAX_ATTEMPTS = 3;
const RETRY_PAUSE_MS = 50;
const ACCESS_DENIED_ERRNO = 1045;

/** From an authenticated client to a session: wake, log in at the server as the same user, pass its answer on. */
export async function enter(core: Core, connection: ClientConnection, arrival: Arrival): Promise<void> {
  const { gate } = arrival;
  const login = { client: connection.client, sinceMs: core.clock.monotonicMs() };
  gate.logins.add(login);
  gate.lastActivityMs = login.sinceMs;
  try {
    using deadline = createWakeDeadline(core, gate, connection.signal);
    const backend = await reachServer(core, arrival, deadline.signal);
    try {
      await logIn(core, connection, arrival, backend);
    } catch (error) {
      backend.link.socket.destroy();
      throw error;
    }
  } finally {
    gate.logins.delete(login);
  }
}

/** The server may be lost between the wake and the connection; nothing was sent yet, so it is simply tried again. */
async function reachServer(core: Core, { gate }: Arrival, signal: AbortSignal): Promise<GreetedBackend> {
  for (let attempt = 1; ; attempt++) {
    const endpoint: Endpoint = await reachForLogin(core, gate, signal);
    try {
      return await greetBackend(endpoint, signal);
    } catch (error) {
      if (!hasCode(error, 'BACKEND_LOST') || attempt === MAX_ATTEMPTS) throw error;
      await core.clock.sleep(RETRY_PAUSE_MS * attempt, signal);
    }
  }
}

async function logIn(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  backend: GreetedBackend,
): Promise<void> {
  const { gate, admission, greeted, user } = arrival;
  const offered = withoutTransforms(backend.greeting.capabilities);
  gate.capabilities = offered;
  if (isMismatch(greeted.response.capabilities, offered)) {
    throw new DozeError(
      'SESSION_CLOSED',
      `compute "${gate.name}" turned out to run another server version; connect again`,
    );
  }
  // On the compute's own port the name's bytes are kept, in whatever character set they are.
  const response = arrival.userSuffix === '' ? greeted.response : { ...greeted.response, user: Buffer.from(user) };
  const outcome =
    admission.kind === 'relay'
      ? await relayLogin(backend, connection.packets, response)
      : await loginWithStage1(backend, response, admission.stage1);
  if (!outcome.isAccepted) throw await refusalOf(core, connection, arrival, outcome);
  startSession(core, connection, arrival, backend, outcome);
}

async function refusalOf(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  { payload }: LoginOutcome,
): Promise<DozeError> {
  const { errno, sqlState, message } = readErr(payload);
  if (errno !== ACCESS_DENIED_ERRNO) return new DozeError('SQL_FAILED', message, { details: { errno, sqlState } });
  // The accounts have changed since they were read, or the client failed the server's own exchange.
  await requireHost(core).refreshAccounts(arrival.gate.computeId);
  await core.clock.sleep(core.throttle.recordFailure(connection.address), connection.signal);
  const hasPassword = arrival.admission.kind === 'relay' || arrival.admission.stage1 !== null;
  return accessDenied(arrival.user, connection.address, hasPassword);
}

function startSession(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  backend: GreetedBackend,
  { payload }: LoginOutcome,
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
    inspection: { backendIdOf: (id) => core.ids.backendIdOf(id, computeId), userSuffix: arrival.userSuffix },
    onEnd: () => {
      core.ids.release(connectionId);
    },
  });
  gate.lastActivityMs = core.clock.monotonicMs();
  connection.packets.write(payload);
  session.start(early);
  const more = backend.packets.drain();
  if (more.length > 0) backend.link.receive(more);
}
