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

/** A client that is logging in, and then has a session. */
export class ClientConnection implements SocketReader {
  receive: (chunk: Buffer) => boolean;
  /** Another one from the moment on that TLS begins. */
  socket: Socket;
  /** Null without TLS. */
  tls: ClientTls | null = null;
  readonly packets: PacketSocket;
  readonly address: string;
  readonly peer: SocketAddress;
  /** Address and port, for people. */
  readonly client: string;
  /** Monotonic time at which it was accepted. */
  readonly acceptedMs: number;
  /** Called when the client goes, once at least, for who does not wait for anything. */
  onGone: (() => void) | null = null;

  private departure: DozeError | null = null;
  private departing: AbortController | null = null;

  constructor(accepted: Socket, acceptedMs: number) {
    this.receive = (chunk) => {
      this.packets.feed(chunk);
      return false;
    };
    this.socket = adoptSocket(accepted, this);
    this.packets = new PacketSocket(this.socket);
    this.acceptedMs = acceptedMs;
    // An IPv4 client on a socket that takes both comes as ::ffff:10.0.0.7.
    this.address = (this.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    this.peer = { address: this.address, port: this.socket.remotePort ?? 0 };
    this.client = `${this.address}:${this.peer.port}`;
    this.listenTo(this.socket);
  }

  get isGone(): boolean {
    return this.departure !== null;
  }

  /** Aborts when the client goes. Made when it is asked for: of the many who only come in nobody asks. */
  get signal(): AbortSignal {
    this.departing ??= new AbortController();
    if (this.departure !== null) this.departing.abort(this.departure);
    return this.departing.signal;
  }

  /** Nobody waits any more for what its signal would end: from now on there is `onGone`. */
  dropSignal(): void {
    this.departing = null;
  }

  /** Notices on this socket too that the client goes. */
  listenTo(socket: Socket): void {
    const onGone = (): void => this.left();
    socket.on('error', onGone);
    socket.on('end', onGone);
    socket.on('close', onGone);
    if (socket.destroyed) onGone();
  }

  private left(): void {
    this.departure ??= new DozeError('INTERRUPTED', 'the client went away');
    this.packets.fail(this.departure);
    this.departing?.abort(this.departure);
    this.onGone?.();
  }
}
