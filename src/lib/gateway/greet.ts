import { randomBytes } from 'node:crypto';

import type { Route } from '../control/index.ts';
import { DozeError } from '../errors/index.ts';
import {
  Capability,
  DEFAULT_CAPABILITIES,
  isSslRequest,
  NATIVE_PASSWORD,
  negotiate,
  readHandshakeResponse,
  ServerStatus,
  withTls,
  writeGreeting,
  type Capabilities,
  type HandshakeResponse,
} from '../mysql/index.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ComputeGate } from './compute-gate.ts';
import { secureConnection } from './tls/secure-connection.ts';
import type { ServerTls } from './tls/server-tls.ts';

/** What is greeted with before a compute has ever said its version. */
const DEFAULT_VERSION = '10.11.19-MariaDB';
/** utf8mb4_general_ci; clients name their own. */
const COLLATION = 45;
const SCRAMBLE_LENGTH = 20;

export interface Greeted {
  readonly scramble: Buffer;
  /** With the flags that both sides have: what the server is told in the client's name. */
  readonly response: HandshakeResponse;
}

export interface GreetOptions {
  readonly connectionId: number;
  /** Null on the shared port, as the route is. */
  readonly gate: ComputeGate | null;
  readonly route: Route | null;
  /** Null does not offer it. */
  readonly tls: ServerTls | null;
  readonly signal: AbortSignal;
}

/** Greets in the server's name, goes on with TLS if the client likes, and reads the answer. @throws PROTOCOL_ERROR, TLS_REQUIRED */
export async function greet(connection: ClientConnection, options: GreetOptions): Promise<Greeted> {
  const { connectionId, gate, route, tls } = options;
  const { packets } = connection;
  const scramble = createScramble();
  const capabilities = gate?.capabilities ?? DEFAULT_CAPABILITIES;
  const serverVersion = route?.serverVersion ?? DEFAULT_VERSION;
  const status = ServerStatus.AUTOCOMMIT;
  packets.write(
    writeGreeting({
      serverVersion,
      connectionId,
      scramble,
      capabilities: tls === null ? capabilities : withTls(capabilities),
      collation: COLLATION,
      status,
      plugin: NATIVE_PASSWORD,
    }),
  );
  const response = readHandshakeResponse(copyOf(await readResponse(connection, options)));
  return { scramble, response: { ...response, capabilities: agreed(capabilities, response.capabilities) } };
}

async function readResponse(connection: ClientConnection, { tls, signal }: GreetOptions): Promise<Buffer> {
  const { payload } = await connection.packets.read();
  if (isSslRequest(payload)) {
    if (tls === null) throw new DozeError('PROTOCOL_ERROR', 'TLS is not offered on this port');
    await secureConnection(connection, tls, signal);
    return (await connection.packets.read()).payload;
  }
  if (tls?.isRequired !== true) return payload;
  throw new DozeError(
    'TLS_REQUIRED',
    'Connections using insecure transport are prohibited: this gateway requires TLS; switch it on in the client',
  );
}

/** What is kept of it for as long as the session lives is not to keep more: a payload is a part of what was read. */
function copyOf(payload: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(payload.length);
  payload.copy(copy);
  return copy;
}

/** MYSQL is not offered and yet kept: by it the server knows whether the client's extended flags are flags. */
function agreed(offered: Capabilities, asked: Capabilities): Capabilities {
  return negotiate({ ...offered, base: offered.base | Capability.MYSQL }, asked);
}

/** Without zeros, at which clients would end it. */
function createScramble(): Buffer {
  return randomBytes(SCRAMBLE_LENGTH).map((byte) => (byte % 0x7f) + 1) as Buffer;
}
