import {
  isAuthMoreData,
  isErr,
  NATIVE_PASSWORD,
  OK_HEADER,
  readAuthMoreData,
  writeHandshakeResponse,
  type HandshakeResponse,
} from '../mysql/index.ts';
import type { GreetedBackend, LoginOutcome } from './backend-login.ts';
import type { PacketSocket } from './packet-socket.ts';

/** caching_sha2_password: the answer was right, an OK follows by itself. */
const FAST_SUCCESS = 3;

/**
 * Lets client and server have their own exchange: for accounts whose method gives the gateway nothing to check with,
 * or nothing to log in with. The server is made to ask: it is answered in a method that the account does not have,
 * and so names its own, with its own scramble. Each side keeps its own sequence numbers.
 */
export async function relayLogin(
  backend: GreetedBackend,
  client: PacketSocket,
  response: HandshakeResponse,
): Promise<LoginOutcome> {
  backend.packets.write(
    writeHandshakeResponse({ ...response, authResponse: Buffer.alloc(0), plugin: NATIVE_PASSWORD }),
  );
  for (;;) {
    const { payload } = await backend.packets.read();
    if (payload[0] === OK_HEADER || isErr(payload)) return { isAccepted: payload[0] === OK_HEADER, payload };
    client.write(payload);
    if (isAuthMoreData(payload) && readAuthMoreData(payload)[0] === FAST_SUCCESS) continue;
    backend.packets.write((await client.read()).payload);
  }
}
