import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MAX_FRAME_LENGTH, PacketDecoder, writePacket, type Packet } from '../../../src/lib/mysql/index.ts';

function decodeAll(decoder: PacketDecoder): Packet[] {
  const packets: Packet[] = [];
  for (let packet = decoder.next(); packet !== null; packet = decoder.next()) packets.push(packet);
  return packets;
}

describe('packets in frames', () => {
  it('decode alike however they are cut into chunks', () => {
    const payloads = fc.array(
      fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(payloads, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (sent, sizes) => {
        const stream = Buffer.concat(sent.map((payload, index) => writePacket(payload, index)));
        const decoder = new PacketDecoder(1_000);
        const received: Packet[] = [];
        for (let at = 0; at < stream.length;) {
          const size = Number(sizes.next().value);
          decoder.push(stream.subarray(at, at + size));
          received.push(...decodeAll(decoder));
          at += size;
        }
        expect(received).toEqual(sent.map((payload, sequence) => ({ payload, sequence })));
        expect(decoder.bufferedLength).toBe(0);
      }),
    );
  });

  it.each([MAX_FRAME_LENGTH - 1, MAX_FRAME_LENGTH, MAX_FRAME_LENGTH + 1, 2 * MAX_FRAME_LENGTH])(
    'carry a payload of %d bytes',
    (length) => {
      const payload = Buffer.alloc(length, 'x');
      const stream = writePacket(payload, 254);
      const frames = Math.floor(length / MAX_FRAME_LENGTH) + 1;
      expect(stream.length).toBe(length + 4 * frames);
      const decoder = new PacketDecoder(2 ** 26);
      decoder.push(stream);
      const packet = decoder.next();
      expect(packet?.payload.equals(payload)).toBe(true);
      expect(packet?.sequence).toBe((254 + frames - 1) % 256);
    },
  );

  it('longer than allowed are refused as soon as their header says so', () => {
    const decoder = new PacketDecoder(100);
    decoder.push(Buffer.from('47455420', 'hex'));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }));
  });

  it('leave what comes after them', () => {
    const decoder = new PacketDecoder(100);
    decoder.push(Buffer.concat([writePacket(Buffer.from('one'), 0), Buffer.from('tw')]));
    expect(decoder.next()?.payload.toString()).toBe('one');
    expect(decoder.drain().toString()).toBe('tw');
    expect(decoder.bufferedLength).toBe(0);
  });
});
