import { createHash, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

import { createDeadline, abortReason } from '../../clock.ts';
import { writeFingerprint } from '../../domain/index.ts';
import { DozeError, systemCode } from '../../errors/index.ts';

export interface ServerAddress {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a server showed of itself. */
export interface ShownKey {
  readonly fingerprint: string;
  readonly certificate: X509Certificate;
  /** Why the certificate authorities of this machine do not vouch for it; null when they do. */
  readonly distrust: string | null;
}

export interface Secured extends ShownKey {
  readonly socket: TLSSocket;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A peer that vanished is noticed after this, and ten probes a second apart. */
const PROBE_AFTER_MS = 15_000;

/**
 * A connection with the handshake done, and nothing sent over it yet: whether the server is the right one is for the
 * caller to decide.
 * @throws AGENT_UNREACHABLE, CERTIFICATE_UNTRUSTED for what speaks no TLS, the signal's reason
 */
export async function shakeHands({ host, port }: ServerAddress, signal?: AbortSignal): Promise<Secured> {
  const silence = (): DozeError => unreachable({ host, port }, 'no answer within 10 s', undefined);
  using deadline = createDeadline(CONNECT_TIMEOUT_MS, silence, signal);
  const socket = await secure({ host, port }, deadline.signal);
  socket.setKeepAlive(true, PROBE_AFTER_MS);
  socket.setNoDelay(true);
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    socket.destroy();
    throw new DozeError('CERTIFICATE_UNTRUSTED', `${host}:${port} shows no certificate`, { hint: HINT });
  }
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return {
    socket,
    certificate,
    fingerprint: writeFingerprint(createHash('sha256').update(spki).digest()),
    distrust: socket.authorized ? null : String(socket.authorizationError),
  };
}

/** Looks who answers, and hangs up. */
export async function lookAtServer(address: ServerAddress, signal?: AbortSignal): Promise<ShownKey> {
  const { socket, ...shown } = await shakeHands(address, signal);
  socket.destroy();
  return shown;
}

const HINT = 'doze agent listen, on that machine (is this its address and port?)';

function secure({ host, port }: ServerAddress, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      minVersion: 'TLSv1.2',
      // Judged by the caller, which may know the key.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    const onAbort = (): void => {
      socket.destroy();
      reject(abortReason(signal));
    };
    const settle = (): void => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('secureConnect', () => {
      settle();
      resolve(socket);
    });
    socket.once('error', (error: Error) => {
      settle();
      const reason = systemCode(error) ?? error.message;
      reject(unreachable({ host, port }, /SSL|TLS|EPROTO/.test(reason) ? 'what answers speaks no TLS' : reason, error));
    });
  });
}

function unreachable({ host, port }: ServerAddress, reason: string, cause: unknown): DozeError {
  return new DozeError('AGENT_UNREACHABLE', `no agent answers at ${host}, port ${port}: ${reason}`, {
    cause,
    hint: HINT,
    details: { host, port, reason },
  });
}
