import { DozeError, hasCode } from '../errors/index.ts';
import { Capability, has, readErr, withoutTransforms, withTls, type HandshakeResponse } from '../mysql/index.ts';
import type { Arrival } from './arrival.ts';
import { greetBackend, isMismatch, loginWithStage1, type GreetedBackend, type LoginOutcome } from './backend-login.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Core } from './core.ts';
import { requireHost } from './core.ts';
import { serverWithoutTls } from './refusal.ts';
import { relayLogin } from './relay-login.ts';
import { secureBackend } from './tls/secure-backend.ts';
import { turnAway } from './turn-away.ts';
import { reach } from './wake.ts';

/** A connection to the server on which the client's user is logged in. */
export interface ServerLogin {
  readonly backend: GreetedBackend;
  /** The server's OK. */
  readonly payload: Buffer;
}

const MAX_LOST = 3;
const LOST_PAUSE_MS = 50;
const ACCESS_DENIED_ERRNO = 1045;
const TOO_MANY_CONNECTIONS_ERRNO = 1040;

/**
 * Wakes the compute if need be and logs in as the client's user. Where the server has no connection to give, the
 * client stays in line: behind a crowd's short queries one is free in a moment. A server that nobody has got into for
 * `placeWaitMs` is taken at its word.
 */
export async function logInAtServer(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  signal: AbortSignal,
): Promise<ServerLogin> {
  const { turns } = arrival.gate;
  using turn = await turns.take(signal);
  for (let attempt = 0; ; attempt++) {
    try {
      const login = await tryOnce(core, connection, arrival, turn, signal);
      turns.noteAccepted();
      return login;
    } catch (error) {
      if (!isFull(error) || core.clock.monotonicMs() - turns.noteFull() >= core.options.placeWaitMs) throw error;
      await turns.untilWorthTrying(attempt, signal);
    }
  }
}

async function tryOnce(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  turn: Disposable,
  signal: AbortSignal,
): Promise<ServerLogin> {
  const backend = await reachServer(core, connection, arrival, signal);
  try {
    // From here on it is the client that is waited for: it does so at nobody else's cost.
    if (arrival.admission.kind === 'relay') turn[Symbol.dispose]();
    const outcome = await logIn(core, connection, arrival, backend, signal);
    if (!outcome.isAccepted) throw await refusalOf(core, connection, arrival, outcome);
    return { backend, payload: outcome.payload };
  } catch (error) {
    backend.link.socket.destroy();
    throw error;
  }
}

/** The server may be lost between the wake and the connection; nothing was sent yet, so it is simply tried again. */
async function reachServer(
  core: Core,
  connection: ClientConnection,
  { gate }: Arrival,
  signal: AbortSignal,
): Promise<GreetedBackend> {
  for (let attempt = 1; ; attempt++) {
    const endpoint = await reach(core, gate, signal);
    try {
      return await greetBackend(endpoint, connection.peer, signal);
    } catch (error) {
      if (!hasCode(error, 'BACKEND_LOST') || attempt === MAX_LOST) throw error;
      await core.clock.sleep(LOST_PAUSE_MS * attempt, signal);
    }
  }
}

async function logIn(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  backend: GreetedBackend,
  signal: AbortSignal,
): Promise<LoginOutcome> {
  const { gate, admission, greeted } = arrival;
  const offered = withoutTransforms(backend.greeting.capabilities);
  gate.capabilities = offered;
  if (isMismatch(greeted.response.capabilities, offered)) {
    throw new DozeError(
      'SESSION_CLOSED',
      `compute "${gate.name}" turned out to run another server version; connect again`,
    );
  }
  const plain = responseFor(arrival);
  const certificate = await certificateFor(core, connection, arrival, backend);
  const response = certificate === null ? plain : { ...plain, capabilities: withTls(plain.capabilities) };
  if (certificate !== null) await secureBackend(backend, { response, certificate, compute: gate.name, signal });
  return admission.kind === 'relay'
    ? relayLogin(backend, connection.packets, response)
    : loginWithStage1(backend, response, admission.stage1);
}

/**
 * What the server has to show where the login goes on over TLS; null where it does not.
 *
 * | the client came | the account's login                | the server speaks TLS | the login goes on                          |
 * | --------------- | ---------------------------------- | --------------------- | ------------------------------------------ |
 * | in plain        | any                                | whatever              | in plain                                   |
 * | over TLS        | needs no TLS, known to the gateway | whatever              | in plain                                   |
 * | over TLS        | is the server's own exchange       | yes                   | over TLS: what a client says depends on it |
 * | over TLS        | needs TLS                          | yes                   | over TLS                                   |
 * | over TLS        | needs TLS                          | no                    | not                                        |
 *
 * @throws ACCESS_DENIED
 */
async function certificateFor(
  core: Core,
  connection: ClientConnection,
  { gate, user, admission }: Arrival,
  { greeting }: GreetedBackend,
): Promise<string | null> {
  if (connection.tls === null || (!admission.needsTls && admission.kind !== 'relay')) return null;
  const isOffered = has(greeting.capabilities, Capability.SSL);
  const route = isOffered ? await requireHost(core).findRoute(gate.computeId) : null;
  const certificate = route?.certificate ?? null;
  if (certificate === null && admission.needsTls) throw serverWithoutTls(gate.name, user, connection.address);
  return certificate;
}

/** On the compute's own port the name's bytes are kept, in whatever character set they are. */
export function responseFor({ userSuffix, user, greeted: { response } }: Arrival): HandshakeResponse {
  return userSuffix === '' ? response : { ...response, user: Buffer.from(user) };
}

/** Why the server refused a login, as the client is told. */
export async function refusalOf(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  { payload }: Pick<LoginOutcome, 'payload'>,
): Promise<DozeError> {
  const { errno, sqlState, message } = readErr(payload);
  const isRelayed = arrival.admission.kind === 'relay';
  if (errno !== ACCESS_DENIED_ERRNO) {
    const details = { errno, sqlState, canBeRepeated: !isRelayed };
    return new DozeError('SQL_FAILED', message, { details });
  }
  const answeredMs = core.clock.monotonicMs();
  // The accounts have changed since they were read, or the client failed the server's own exchange.
  await requireHost(core).refreshAccounts(arrival.gate.computeId);
  const hasPassword = arrival.admission.kind === 'relay' || arrival.admission.stage1 !== null;
  return turnAway(core, connection, { attempt: arrival.attempt, hasPassword, answeredMs });
}

/** Whether it is only a matter of waiting. Not after a client's own exchange with the server: it had its answer. */
function isFull(error: unknown): boolean {
  if (!hasCode(error, 'SQL_FAILED')) return false;
  const { errno, canBeRepeated = true } = error.details;
  return errno === TOO_MANY_CONNECTIONS_ERRNO && canBeRepeated === true;
}
