/** Builds a payload of parts. */
export class PayloadWriter {
  private readonly parts: Buffer[] = [];

  uint8(value: number): this {
    return this.bytes(Buffer.of(value));
  }

  uint16(value: number): this {
    const part = Buffer.allocUnsafe(2);
    part.writeUInt16LE(value);
    return this.bytes(part);
  }

  uint32(value: number): this {
    const part = Buffer.allocUnsafe(4);
    part.writeUInt32LE(value);
    return this.bytes(part);
  }

  bytes(part: Buffer): this {
    this.parts.push(part);
    return this;
  }

  zeros(count: number): this {
    return this.bytes(Buffer.alloc(count));
  }

  nullTerminated(text: string | Buffer): this {
    return this.bytes(typeof text === 'string' ? Buffer.from(text) : text).uint8(0);
  }

  lengthEncodedInteger(value: number): this {
    if (value < 0xfb) return this.uint8(value);
    if (value < 0x1_0000) return this.uint8(0xfc).uint16(value);
    if (value < 0x100_0000)
      return this.uint8(0xfd)
        .uint16(value & 0xffff)
        .uint8(value >>> 16);
    const part = Buffer.allocUnsafe(8);
    part.writeBigUInt64LE(BigInt(value));
    return this.uint8(0xfe).bytes(part);
  }

  lengthEncodedBytes(part: Buffer): this {
    return this.lengthEncodedInteger(part.length).bytes(part);
  }

  build(): Buffer {
    return Buffer.concat(this.parts);
  }
}
