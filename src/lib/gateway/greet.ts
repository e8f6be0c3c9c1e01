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
  writeGreeting,
  type Capabilities,
  type HandshakeResponse,
} from '../mysql/index.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ComputeGate } from './compute-gate.ts';

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

/** Greets in the server's name and reads the answer. @throws PROTOCOL_ERROR */
export async function greet(
  connection: ClientConnection,
  connectionId: number,
  gate: ComputeGate | null,
  route: Route | null,
): Promise<Greeted> {
  const scramble = createScramble();
  const capabilities = gate?.capabilities ?? DEFAULT_CAPABILITIES;
  const serverVersion = route?.serverVersion ?? DEFAULT_VERSION;
  const status = ServerStatus.AUTOCOMMIT;
  connection.packets.write(
    writeGreeting({
      serverVersion,
      connectionId,
      scramble,
      capabilities,
      collation: COLLATION,
      status,
      plugin: NATIVE_PASSWORD,
    }),
  );
  const { payload } = await connection.packets.read();
  if (isSslRequest(payload)) throw new DozeError('PROTOCOL_ERROR', 'TLS is not offered on this port');
  const response = readHandshakeResponse(copyOf(payload));
  return { scramble, response: { ...response, capabilities: agreed(capabilities, response.capabilities) } };
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
