import { connect } from 'node:net';

import { abortReason } from '../clock.ts';

/**
 * One try to be greeted by whatever listens on the port: true when it said something, false when it refused or
 * closed. Waits as long as the listener is silent: it has bound its port, but not begun to serve.
 * @throws the signal's reason
 */
export function tryGreeting(
  address: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const socket = connect({ host: address.host, port: address.port });
  const onAbort = (): void => {
    socket.destroy();
    reject(abortReason(signal));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once('data', () => resolve(true));
  socket.on('error', () => resolve(false));
  socket.once('close', () => resolve(false));
  return promise.finally(() => {
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  });
}
