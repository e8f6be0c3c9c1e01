import type { Endpoint } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import {
  answerScramble,
  Capability,
  isAuthMoreData,
  isAuthSwitchRequest,
  isErr,
  NATIVE_PASSWORD,
  OK_HEADER,
  readAuthSwitchRequest,
  readErr,
  readGreeting,
  writeHandshakeResponse,
  writeProxyHeader,
  type Capabilities,
  type Greeting,
  type HandshakeResponse,
  type SocketAddress,
} from '../mysql/index.ts';
import { backendLost, connectBackend, type BackendLink } from './backend-link.ts';
import { PacketSocket } from './packet-socket.ts';

/** A connection to a server that has greeted. */
export interface GreetedBackend {
  readonly link: BackendLink;
  readonly packets: PacketSocket;
  readonly greeting: Greeting;
}

/** The last packet of a login, as the server sent it. */
export interface LoginOutcome {
  readonly isAccepted: boolean;
  readonly payload: Buffer;
}

/** What may be asked for by an account's methods before the one that works here. */
const MAX_SWITCHES = 8;
/** Flags that change how later packets look: both sides have to mean the same by them. */
const WIRE_FLAGS =
  Capability.CONNECT_WITH_DB |
  Capability.PROTOCOL_41 |
  Capability.SECURE_CONNECTION |
  Capability.MULTI_STATEMENTS |
  Capability.MULTI_RESULTS |
  Capability.PS_MULTI_RESULTS |
  Capability.PLUGIN_AUTH |
  Capability.CONNECT_ATTRS |
  Capability.PLUGIN_AUTH_LENENC |
  Capability.SESSION_TRACK |
  Capability.DEPRECATE_EOF;

/**
 * @param client whose connection it is to be for the server
 * @throws BACKEND_LOST; the server's own refusal, such as too many connections, as SQL_FAILED
 */
export async function greetBackend(
  endpoint: Endpoint,
  client: SocketAddress,
  signal: AbortSignal,
): Promise<GreetedBackend> {
  const link = await connectBackend(endpoint, signal);
  const packets = new PacketSocket(link.socket);
  link.receive = (chunk) => {
    // The decoder keeps what it is fed.
    packets.feed(Buffer.from(chunk));
    return true;
  };
  link.onGone = () => {
    packets.fail(backendLost('the server closed the connection during the login'));
  };
  const onAbort = (): void => {
    link.socket.destroy();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  link.socket.once('close', () => {
    signal.removeEventListener('abort', onAbort);
  });
  try {
    const { payload } = await packets.read();
    if (isErr(payload)) throw serverRefusal(payload);
    if (endpoint.takesClientAddress) introduceClient(link, client);
    return { link, packets, greeting: readGreeting(payload) };
  } catch (error) {
    link.socket.destroy();
    throw error;
  }
}

/** It has read as many when it sees that this is no packet (10.11.19). */
const COUNTED_HEADER_BYTES = 4;

/** Leaves together with what is written next: the server waits for more after the header. */
function introduceClient(link: BackendLink, client: SocketAddress): void {
  const { socket } = link;
  const header = writeProxyHeader(client, { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 });
  if (header === null) return;
  socket.cork();
  socket.write(header);
  link.uncountedBytes = header.length - COUNTED_HEADER_BYTES;
  setImmediate(() => socket.uncork());
}

/** The server's error before the handshake, with its own number. */
function serverRefusal(payload: Buffer): DozeError {
  const { errno, sqlState, message } = readErr(payload);
  return new DozeError('SQL_FAILED', message, { details: { errno, sqlState } });
}

/** Whether the server lacks something that the client was offered in its name. */
export function isMismatch(client: Capabilities, server: Capabilities): boolean {
  return (client.base & ~server.base & WIRE_FLAGS) !== 0 || (client.extended & ~server.extended) !== 0;
}

/** Logs in with SHA1(password) alone. */
export async function loginWithStage1(
  { packets, greeting }: GreetedBackend,
  response: HandshakeResponse,
  stage1: Buffer | null,
): Promise<LoginOutcome> {
  const answer = (scramble: Buffer): Buffer => (stage1 === null ? Buffer.alloc(0) : answerScramble(stage1, scramble));
  packets.write(
    writeHandshakeResponse({ ...response, authResponse: answer(greeting.scramble), plugin: NATIVE_PASSWORD }),
  );
  for (let switches = 0; switches <= MAX_SWITCHES; switches++) {
    const { payload } = await packets.read();
    const isMore = isAuthMoreData(payload);
    if (!isMore && !isAuthSwitchRequest(payload)) return { isAccepted: payload[0] === OK_HEADER, payload };
    const asked = isMore ? null : readAuthSwitchRequest(payload);
    // Another method of the same account: an empty answer makes the server go on to the next; parsec takes two.
    packets.write(asked?.plugin === NATIVE_PASSWORD ? answer(asked.data) : Buffer.alloc(0));
  }
  throw backendLost('the server asked for too many authentication methods');
}
