import type { Socket } from 'node:net';

import { DozeError, toDozeError } from '../errors/index.ts';
import { PacketDecoder, writePacket, type Packet } from '../mysql/index.ts';

/** Logins are small; a client that sends more is none. */
const MAX_PACKET_LENGTH = 64 * 1024;
/** Beyond this the socket is not read until somebody asks for a packet. */
const MAX_BUFFERED_LENGTH = 128 * 1024;

interface Reader {
  readonly resolve: (packet: Packet) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Whole packets over a socket, one at a time, with the sequence numbers in order: for logins only. A class, as each session
 * keeps its own for as long as it lives.
 */
export class PacketSocket {
  private socket: Socket;
  private readonly decoder: PacketDecoder;
  private readonly maxBufferedLength: number;
  private sequence = 0;
  private reader: Reader | null = null;
  private failure: DozeError | null = null;

  constructor(socket: Socket, maxPacketLength = MAX_PACKET_LENGTH) {
    this.socket = socket;
    this.decoder = new PacketDecoder(maxPacketLength);
    this.maxBufferedLength = Math.max(MAX_BUFFERED_LENGTH, 2 * maxPacketLength);
  }

  /** Sequence number that the next packet sent would have. */
  get nextSequence(): number {
    return this.sequence;
  }

  /** Takes what the socket read; the caller owns its events. */
  feed(chunk: Buffer): void {
    this.decoder.push(chunk);
    if (this.decoder.bufferedLength > this.maxBufferedLength) this.socket.pause();
    this.settle();
  }

  /** Nothing more will come: who waits gets this. */
  fail(error: unknown): void {
    this.failure ??= toDozeError(error);
    this.settle();
  }

  /** One reader at a time. @throws PROTOCOL_ERROR, and what `fail` was given */
  read(): Promise<Packet> {
    return new Promise((resolve, reject) => {
      if (this.reader !== null) throw new DozeError('INTERNAL', 'two readers of one login');
      this.reader = { resolve, reject };
      if (this.socket.isPaused()) this.socket.resume();
      this.settle();
    });
  }

  /** Sent with the next sequence number. @param onSent it is with the system, or the socket broke */
  write(payload: Buffer, onSent?: () => void): void {
    this.socket.write(writePacket(payload, this.sequence), onSent);
    this.sequence = (this.sequence + 1) & 0xff;
  }

  /** Sent as the first packet of a command. */
  command(payload: Buffer): void {
    this.sequence = 0;
    this.write(payload);
  }

  /** What came beyond the packets read. */
  drain(): Buffer {
    return this.decoder.drain();
  }

  /** Goes on over another socket, with the sequence numbers where they are. */
  moveTo(socket: Socket): void {
    this.socket = socket;
  }

  private settle(): void {
    const { reader } = this;
    if (reader === null) return;
    try {
      const packet = this.decoder.next();
      if (packet === null) {
        if (this.failure === null) return;
        reader.reject(this.failure);
      } else {
        this.sequence = (packet.sequence + 1) & 0xff;
        reader.resolve(packet);
      }
    } catch (error) {
      this.failure = toDozeError(error);
      reader.reject(this.failure);
    }
    this.reader = null;
  }
}
