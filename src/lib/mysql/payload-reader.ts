import { malformed } from './malformed.ts';

/** Reads fields from a packet's payload, bounds checked. @throws PROTOCOL_ERROR past the end. */
export class PayloadReader {
  private readonly payload: Buffer;
  private offset: number;

  constructor(payload: Buffer, offset = 0) {
    this.payload = payload;
    this.offset = offset;
  }

  get remaining(): number {
    return this.payload.length - this.offset;
  }

  uint8(): number {
    return this.payload.readUInt8(this.take(1));
  }

  uint16(): number {
    return this.payload.readUInt16LE(this.take(2));
  }

  uint32(): number {
    return this.payload.readUInt32LE(this.take(4));
  }

  bytes(count: number): Buffer {
    const start = this.take(count);
    return this.payload.subarray(start, start + count);
  }

  skip(count: number): void {
    this.take(count);
  }

  rest(): Buffer {
    return this.bytes(this.remaining);
  }

  /** https://mariadb.com/kb/en/protocol-data-types/#length-encoded-integers */
  lengthEncodedInteger(): number {
    const first = this.uint8();
    if (first < 0xfb) return first;
    if (first === 0xfc) return this.uint16();
    if (first === 0xfd) return this.uint16() + this.uint8() * 0x1_0000;
    if (first !== 0xfe) throw malformed('0x' + first.toString(16) + ' where a length was expected');
    const value = this.payload.readBigUInt64LE(this.take(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('a length of more than 2^53');
    return Number(value);
  }

  lengthEncodedBytes(): Buffer {
    return this.bytes(this.lengthEncodedInteger());
  }

  /** Up to a zero byte, which is consumed; up to the end if there is none. */
  nullTerminatedBytes(): Buffer {
    const end = this.payload.indexOf(0, this.offset);
    if (end === -1) return this.rest();
    const bytes = this.bytes(end - this.offset);
    this.skip(1);
    return bytes;
  }

  private take(count: number): number {
    const start = this.offset;
    if (start + count > this.payload.length) {
      throw malformed(`it ends after ${this.payload.length} bytes, ${start + count} were announced`);
    }
    this.offset = start + count;
    return start;
  }
}
