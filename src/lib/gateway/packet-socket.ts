import type { Socket } from 'node:net';

import { DozeError, toDozeError } from '../errors/index.ts';
import { PacketDecoder, writePacket, type Packet } from '../mysql/index.ts';

/** Logins are small; a client that sends more is none. */
const MAX_PACKET_LENGTH = 64 * 1024;
/** Beyond this the socket is not read until somebody asks for a packet. */
const MAX_BUFFERED_LENGTH = 128 * 1024;

/** Whole packets over a socket, one at a time, with the sequence numbers in order: for logins only. */
export interface PacketSocket {
  /** Takes what the socket read; the caller owns its events. */
  feed(chunk: Buffer): void;
  /** Nothing more will come: who waits gets this. */
  fail(error: unknown): void;
  /** One reader at a time. @throws PROTOCOL_ERROR, and what `fail` was given */
  read(): Promise<Packet>;
  /** Sent with the next sequence number. */
  write(payload: Buffer): void;
  /** Sent as the first packet of a command. */
  command(payload: Buffer): void;
  /** Sequence number that the next packet sent would have. */
  readonly nextSequence: number;
  /** What came beyond the packets read. */
  drain(): Buffer;
  /** Goes on over another socket, with the sequence numbers where they are. */
  moveTo(socket: Socket): void;
}

interface Reader {
  readonly resolve: (packet: Packet) => void;
  readonly reject: (error: unknown) => void;
}

export function createPacketSocket(first: Socket, maxPacketLength = MAX_PACKET_LENGTH): PacketSocket {
  let socket = first;
  const decoder = new PacketDecoder(maxPacketLength);
  let nextSequence = 0;
  let reader: Reader | null = null;
  let failure: DozeError | null = null;

  const settle = (): void => {
    if (reader === null) return;
    const { resolve, reject } = reader;
    try {
      const packet = decoder.next();
      if (packet === null) {
        if (failure === null) return;
        reject(failure);
      } else {
        nextSequence = (packet.sequence + 1) & 0xff;
        resolve(packet);
      }
    } catch (error) {
      failure = toDozeError(error);
      reject(failure);
    }
    reader = null;
  };

  const write = (payload: Buffer): void => {
    socket.write(writePacket(payload, nextSequence));
    nextSequence = (nextSequence + 1) & 0xff;
  };

  return {
    feed: (chunk) => {
      decoder.push(chunk);
      if (decoder.bufferedLength > Math.max(MAX_BUFFERED_LENGTH, 2 * maxPacketLength)) socket.pause();
      settle();
    },
    fail: (error) => {
      failure ??= toDozeError(error);
      settle();
    },
    read: () =>
      new Promise((resolve, reject) => {
        if (reader !== null) throw new DozeError('INTERNAL', 'two readers of one login');
        reader = { resolve, reject };
        if (socket.isPaused()) socket.resume();
        settle();
      }),
    write,
    command: (payload) => {
      nextSequence = 0;
      write(payload);
    },
    get nextSequence() {
      return nextSequence;
    },
    drain: () => decoder.drain(),
    moveTo: (next) => {
      socket = next;
    },
  };
}
