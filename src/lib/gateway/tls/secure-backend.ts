import { X509Certificate } from 'node:crypto';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';

import { abortReason } from '../../clock.ts';
import { DozeError } from '../../errors/index.ts';
import { writeSslRequest, type HandshakeResponse } from '../../mysql/index.ts';
import { backendLost, listenTo } from '../backend-link.ts';
import type { GreetedBackend } from '../backend-login.ts';

export interface SecureRequest {
  /** What is to be said over TLS, with SSL among its capabilities. */
  readonly response: HandshakeResponse;
  /** The one that the server has to show, in PEM. */
  readonly certificate: string;
  /** For people. */
  readonly compute: string;
  readonly signal: AbortSignal;
}

/** Without the system's authorities: nobody's word counts, but the very certificate that is expected. */
const context = createSecureContext({ ca: [] });

/**
 * Goes on with TLS on a connection whose server has greeted, and has nothing said over it before the server has shown that
 * it is the right one: what is said next may be a password.
 * @throws BACKEND_LOST when no handshake comes about, SERVER_UNVERIFIED when it is another server, the signal's reason
 */
export async function secureBackend({ link, packets }: GreetedBackend, request: SecureRequest): Promise<void> {
  const { response, certificate, compute, signal } = request;
  const { socket: plain } = link;
  // It may wait for what is written next.
  plain.uncork();
  await new Promise<void>((resolve) => packets.write(writeSslRequest(response), resolve));
  // The server counts what it is asked for TLS with, and what comes out of TLS (10.11.19, 11.8.9).
  link.uncountedBytes -= plain.bytesWritten;
  const secure = connect({ socket: plain, secureContext: context, rejectUnauthorized: false });
  link.socket = secure;
  link.isSecure = true;
  packets.moveTo(secure);
  listenTo(link, secure);
  await handshake(secure, signal);
  const shown = secure.getPeerX509Certificate()?.raw;
  if (shown?.equals(new X509Certificate(certificate).raw) !== true) throw wrongServer(compute);
  secure.on('data', (chunk: Buffer) => link.receive(chunk));
}

function handshake(secure: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = (then: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      then();
    };
    secure.once('secureConnect', () => settle(resolve));
    secure.once('error', (cause) =>
      settle(() => reject(backendLost('no TLS handshake with the server came about', cause))),
    );
    secure.once('close', () => settle(() => reject(backendLost('the server closed the connection during the login'))));
  });
}

function wrongServer(compute: string): DozeError {
  return new DozeError(
    'SERVER_UNVERIFIED',
    `what answers in place of the server of compute "${compute}" has another certificate than that, and was told nothing: ` +
      `\`doze compute suspend ${compute} --depth removed\` has the server begin anew`,
  );
}
