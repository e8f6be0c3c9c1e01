import { connect, type Socket } from 'node:net';

import { abortReason } from '../clock.ts';
import type { Endpoint } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import { readInto, SOCKET_OPTIONS, type SocketReader } from './socket-reader.ts';

/** A connection to a server. */
export interface BackendLink extends SocketReader {
  /** Another one from the moment on that TLS begins. */
  socket: Socket;
  /** Whether it is TLS: what is written may still have to be encrypted. */
  isSecure: boolean;
  /** Written to the socket, and not among what the server counts as received from its client; below 0, the other way round. */
  uncountedBytes: number;
  /** The server closed, or the connection broke. Called once at least. */
  onGone: () => void;
}

/** @throws BACKEND_LOST, the signal's reason */
export function connectBackend(endpoint: Endpoint, signal: AbortSignal): Promise<BackendLink> {
  return new Promise((resolve, reject) => {
    const link = openLink(endpoint);
    const { socket } = link;
    const onAbort = (): void => {
      socket.destroy();
      reject(abortReason(signal));
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = (then: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      then();
    };
    socket.once('connect', () => settle(() => resolve(link)));
    socket.once('error', (cause) => settle(() => reject(backendLost('the server does not answer', cause))));
  });
}

/** What the server counts as received from its client once it has read everything. */
export function sentOn({ socket, uncountedBytes }: BackendLink): number {
  return socket.bytesWritten - uncountedBytes;
}

export function backendLost(message: string, cause?: unknown): DozeError {
  return new DozeError('BACKEND_LOST', message, cause === undefined ? {} : { cause });
}

function openLink({ host, port }: Endpoint): BackendLink {
  const reader: SocketReader = { receive: () => true };
  const socket = connect({ host, port, ...SOCKET_OPTIONS, onread: readInto(reader) });
  const link: BackendLink = Object.assign(reader, {
    socket,
    isSecure: false,
    uncountedBytes: 0,
    onGone: () => undefined,
  });
  listenTo(link, socket);
  return link;
}

/** Has it notice on this socket too that the server goes. */
export function listenTo(link: BackendLink, socket: Socket): void {
  const onGone = (): void => {
    link.onGone();
  };
  socket.on('error', onGone);
  socket.on('end', onGone);
  socket.on('close', onGone);
}
