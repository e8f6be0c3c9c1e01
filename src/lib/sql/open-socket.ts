import { connect, type Socket } from 'node:net';

import { abortReason } from '../clock.ts';
import type { SqlAddress } from './address.ts';
import { toLoginError } from './sql-error.ts';

/**
 * A connected socket. Apart from the login, as a server that starts is tried many times before it listens, and a client
 * object for each try cost more than the server's own start where many start at once.
 * @throws BACKEND_LOST when nothing listens, the signal's reason
 */
export function openSocket(address: SqlAddress, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const socket = connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
    };
    const onAbort = (): void => {
      settle();
      socket.destroy();
      reject(abortReason(signal));
    };
    const onError = (error: Error): void => {
      settle();
      reject(toLoginError(error, address));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
  });
}
