import type { Socket } from 'node:net';

import { DozeError } from '../errors/index.ts';
import { createPacketSocket, type PacketSocket } from './packet-socket.ts';

/** A client that is logging in. */
export interface ClientConnection {
  readonly socket: Socket;
  readonly packets: PacketSocket;
  readonly address: string;
  /** Address and port, for people. */
  readonly client: string;
  /** Aborts when the client goes. */
  readonly signal: AbortSignal;
  /** Stops reading packets: from now on the socket's events are somebody else's. @returns what came beyond. */
  detach(): Buffer;
}

export function openClientConnection(socket: Socket): ClientConnection {
  const gone = new AbortController();
  const packets = createPacketSocket(socket);
  const onData = (chunk: Buffer): void => {
    packets.feed(chunk);
  };
  const onGone = (): void => {
    const error = new DozeError('INTERRUPTED', 'the client went away');
    packets.fail(error);
    gone.abort(error);
  };
  socket.on('data', onData);
  socket.on('error', onGone);
  socket.on('end', onGone);
  socket.on('close', onGone);
  // An IPv4 client on a socket that takes both comes as ::ffff:10.0.0.7.
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return {
    socket,
    packets,
    address,
    client: `${address}:${socket.remotePort ?? 0}`,
    signal: gone.signal,
    detach: () => {
      socket.off('data', onData);
      return packets.drain();
    },
  };
}
