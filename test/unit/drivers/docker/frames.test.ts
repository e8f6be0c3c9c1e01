import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readFrames, readLines } from '../../../../src/lib/drivers/docker/frames.ts';

function frame(stream: 1 | 2, text: string): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

async function* inPieces(whole: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < whole.length; start += size) {
    yield await Promise.resolve(whole.subarray(start, start + size));
  }
}

async function linesOf(whole: Buffer, stream: 'stdout' | 'stderr', size = whole.length): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(readFrames(inPieces(whole, Math.max(1, size))), stream)) lines.push(line);
  return lines;
}

describe("a container's output", () => {
  it('is taken apart into its two streams', async () => {
    const whole = Buffer.concat([frame(1, 'out\n'), frame(2, 'err\n'), frame(1, 'more\n')]);
    expect(await linesOf(whole, 'stdout')).toEqual(['out', 'more']);
    expect(await linesOf(whole, 'stderr')).toEqual(['err']);
  });

  it('gives a line that is spread over frames as one, and the last one without its end too', async () => {
    const whole = Buffer.concat([frame(2, 'one '), frame(1, 'x'), frame(2, 'line\nand an')]);
    expect(await linesOf(whole, 'stderr')).toEqual(['one line', 'and an']);
  });

  it('reads the same however it is cut', async () => {
    const pieces = fc.array(fc.tuple(fc.constantFrom(1 as const, 2 as const), fc.string({ unit: 'grapheme' })));
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 20 }), async (texts, size) => {
        const whole = Buffer.concat(texts.map(([stream, text]) => frame(stream, text)));
        const expected = texts.flatMap(([stream, text]) => (stream === 2 ? [text] : [])).join('');
        const lines = await linesOf(whole, 'stderr', size);
        expect(lines.join('\n')).toBe(expected.replace(/\n$/, ''));
      }),
    );
  });
});
