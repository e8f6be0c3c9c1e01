import type { Socket } from 'node:net';

import { DozeError } from '../errors/index.ts';
import type { SocketAddress } from '../mysql/index.ts';
import { PacketSocket } from './packet-socket.ts';
import { adoptSocket, type SocketReader } from './socket-reader.ts';

/** What TLS says of a client. */
export interface ClientTls {
  /** The name that it wanted to reach; null when it did not say. */
  readonly serverName: string | null;
  /** SHA-256 of the certificate that it got. */
  readonly fingerprint: Buffer;
}

/** A client that is logging in. */
export interface ClientConnection extends SocketReader {
  /** Another one from the moment on that TLS begins. */
  socket: Socket;
  /** Null without TLS. */
  tls: ClientTls | null;
  readonly packets: PacketSocket;
  readonly address: string;
  readonly peer: SocketAddress;
  /** Address and port, for people. */
  readonly client: string;
  /** Monotonic time at which it was accepted. */
  readonly acceptedMs: number;
  /** Aborts when the client goes. */
  readonly signal: AbortSignal;
  /** Notices on this socket too that the client goes. */
  listenTo(socket: Socket): void;
}

export function openClientConnection(accepted: Socket, acceptedMs: number): ClientConnection {
  const reader: SocketReader = { receive: () => true };
  const socket = adoptSocket(accepted, reader);
  const gone = new AbortController();
  const packets = new PacketSocket(socket);
  reader.receive = (chunk) => {
    packets.feed(chunk);
    return false;
  };
  const onGone = (): void => {
    const error = new DozeError('INTERRUPTED', 'the client went away');
    packets.fail(error);
    gone.abort(error);
  };
  const listenTo = (to: Socket): void => {
    to.on('error', onGone);
    to.on('end', onGone);
    to.on('close', onGone);
    if (to.destroyed) onGone();
  };
  listenTo(socket);
  // An IPv4 client on a socket that takes both comes as ::ffff:10.0.0.7.
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const peer = { address, port: socket.remotePort ?? 0 };
  return Object.assign(reader, {
    socket,
    tls: null,
    packets,
    address,
    acceptedMs,
    peer,
    client: `${address}:${peer.port}`,
    signal: gone.signal,
    listenTo,
  });
}
