import { TLSSocket } from 'node:tls';

import { abortReason } from '../../clock.ts';
import { DozeError } from '../../errors/index.ts';
import type { ClientConnection } from '../client-connection.ts';
import type { ServerTls } from './server-tls.ts';

/**
 * Goes on with TLS over the same connection, right after the client asked for it. What it sent behind that already, its
 * first TLS message at best, goes along.
 * @throws PROTOCOL_ERROR when no handshake comes about, INTERRUPTED, the signal's reason; the connection is closed then
 */
export async function secureConnection(
  connection: ClientConnection,
  { context, fingerprint }: ServerTls,
  signal: AbortSignal,
): Promise<void> {
  const { socket: plain, packets } = connection;
  // Else what is put back would flow away before anybody takes it.
  plain.pause();
  const early = packets.drain();
  if (early.length > 0) plain.unshift(early);
  const secure = new TLSSocket(plain, { isServer: true, secureContext: context, requestCert: false });
  connection.socket = secure;
  packets.moveTo(secure);
  try {
    await handshake(secure, AbortSignal.any([signal, connection.signal]));
  } catch (error) {
    secure.destroy();
    throw error;
  }
  connection.listenTo(secure);
  secure.on('data', (chunk: Buffer) => connection.receive(chunk));
  connection.tls = { serverName: nameOf(secure), fingerprint };
}

function handshake(secure: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void =>
      reject(new DozeError('PROTOCOL_ERROR', `no TLS handshake came about: ${cause.message}`, { cause }));
    // Without a tls.Server around it this is how such a socket tells of TLS errors, at any time.
    secure.on('_tlsError', (error: Error) => {
      fail(error);
      secure.destroy();
    });
    secure.on('error', fail);
    secure.once('close', () => reject(new DozeError('INTERRUPTED', 'the client went away')));
    secure.once('secure', resolve);
    if (signal.aborted) reject(abortReason(signal));
    signal.addEventListener('abort', () => reject(abortReason(signal)), { once: true });
  });
}

/** The name that the client wanted to reach, lower case; null when it did not say. */
function nameOf(secure: TLSSocket): string | null {
  const { servername } = secure as TLSSocket & { readonly servername?: string | false | null };
  return typeof servername === 'string' && servername !== '' ? servername.toLowerCase() : null;
}
