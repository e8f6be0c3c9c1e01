import { malformed } from './malformed.ts';

/** A payload of this length continues in the next frame. */
export const MAX_FRAME_LENGTH = 0xff_ffff;
export const HEADER_LENGTH = 4;
const NOTHING = Buffer.alloc(0);

export interface Packet {
  /** Sequence number of its last frame. */
  readonly sequence: number;
  readonly payload: Buffer;
}

/** A payload as frames, beginning with this sequence number. */
export function writePacket(payload: Buffer, sequence: number): Buffer {
  const parts: Buffer[] = [];
  let offset = 0;
  let next = sequence;
  let length: number;
  do {
    length = Math.min(payload.length - offset, MAX_FRAME_LENGTH);
    parts.push(writeHeader(length, next), payload.subarray(offset, offset + length));
    offset += length;
    next += 1;
  } while (length === MAX_FRAME_LENGTH);
  return Buffer.concat(parts);
}

function writeHeader(length: number, sequence: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_LENGTH);
  header.writeUIntLE(length, 0, 3);
  header.writeUInt8(sequence & 0xff, 3);
  return header;
}

/**
 * Whole packets out of chunks, for exchanges of small packets such as a login; results are never put together.
 * Holds `maxPayloadLength` bytes at most.
 */
export class PacketDecoder {
  private readonly maxPayloadLength: number;
  private buffered: Buffer = NOTHING;

  constructor(maxPayloadLength: number) {
    this.maxPayloadLength = maxPayloadLength;
  }

  push(chunk: Buffer): void {
    this.buffered = this.buffered.length === 0 ? chunk : Buffer.concat([this.buffered, chunk]);
  }

  /** Bytes not yet returned by `next`. */
  get bufferedLength(): number {
    return this.buffered.length;
  }

  /** The next whole packet, or null until more bytes come. @throws PROTOCOL_ERROR when it is too long. */
  next(): Packet | null {
    const payloads: Buffer[] = [];
    let offset = 0;
    let payloadLength = 0;
    for (;;) {
      if (this.buffered.length < offset + HEADER_LENGTH) return null;
      const length = this.buffered.readUIntLE(offset, 3);
      const sequence = this.buffered.readUInt8(offset + 3);
      payloadLength += length;
      if (payloadLength > this.maxPayloadLength) {
        throw malformed(`${payloadLength} bytes where ${this.maxPayloadLength} at most are possible`);
      }
      offset += HEADER_LENGTH + length;
      if (this.buffered.length < offset) return null;
      payloads.push(this.buffered.subarray(offset - length, offset));
      if (length === MAX_FRAME_LENGTH) continue;
      this.buffered = this.buffered.subarray(offset);
      return { sequence, payload: payloads.length === 1 ? payloads[0]! : Buffer.concat(payloads) };
    }
  }

  /** What is left, for whoever goes on with the bytes. */
  drain(): Buffer {
    const rest = this.buffered;
    this.buffered = NOTHING;
    return rest;
  }
}
