import { randomBytes } from 'node:crypto';

import {
  CLIENT_PLUGINS,
  isSignedBy,
  SIGNATURE_LENGTH,
  SIGNED_SCRAMBLE_LENGTH,
  writeAuthMoreData,
  writeAuthSwitchRequest,
  writePasswordSalt,
  type SigningMethod,
} from '../mysql/index.ts';
import type { PacketSocket } from './packet-socket.ts';

/**
 * The server's own exchange with a client, without the server. An answer that is none is a wrong one: the client goes on
 * to be asked for the next method of its account, as by the server.
 * @returns whether it has the password
 */
export async function askForSignature(client: PacketSocket, method: SigningMethod): Promise<boolean> {
  const scramble = randomBytes(SIGNED_SCRAMBLE_LENGTH);
  client.write(writeAuthSwitchRequest({ plugin: CLIENT_PLUGINS[method.plugin], data: scramble }));
  const first = (await client.read()).payload;
  if (method.plugin === 'ed25519') return isSignedBy(method.publicKey, scramble, first);
  // An empty answer asks for the salt; whatever else it is, the exchange is over.
  if (first.length > 0) return false;
  client.write(writeAuthMoreData(writePasswordSalt(method.salt)));
  const { payload } = await client.read();
  if (payload.length !== SIGNED_SCRAMBLE_LENGTH + SIGNATURE_LENGTH) return false;
  const own = payload.subarray(0, SIGNED_SCRAMBLE_LENGTH);
  return isSignedBy(method.publicKey, Buffer.concat([scramble, own]), payload.subarray(SIGNED_SCRAMBLE_LENGTH));
}
