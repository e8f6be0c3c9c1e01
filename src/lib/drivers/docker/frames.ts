/** A piece of a container's output: Docker sends both streams over one connection. */
export interface Frame {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

const HEADER_BYTES = 8;

/** Docker's framing of output without a terminal: stream number, three zeros, length, bytes. */
export async function* readFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield { stream: rest[0] === 2 ? 'stderr' : 'stdout', bytes: rest.subarray(HEADER_BYTES, end) };
      rest = rest.subarray(end);
    }
  }
}

export interface Line {
  readonly stream: Frame['stream'];
  readonly text: string;
}

/** The whole lines of both streams, as they are complete; a frame may hold several, or a part of one. */
export async function* readEveryLine(frames: AsyncIterable<Frame>): AsyncGenerator<Line> {
  const rests: Record<Frame['stream'], Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  for await (const { stream, bytes } of frames) {
    let rest = Buffer.concat([rests[stream], bytes]);
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      yield { stream, text: rest.toString('utf8', 0, end) };
      rest = rest.subarray(end + 1);
    }
    rests[stream] = rest;
  }
  for (const stream of ['stdout', 'stderr'] as const)
    if (rests[stream].length > 0) yield { stream, text: rests[stream].toString('utf8') };
}

/** The whole lines of one of the streams. */
export async function* readLines(frames: AsyncIterable<Frame>, wanted: Frame['stream']): AsyncGenerator<string> {
  for await (const { stream, text } of readEveryLine(frames)) if (stream === wanted) yield text;
}
