import { connect, type Socket } from 'node:net';

import { startStopwatch } from './stopwatch.ts';

export interface LoadRequest {
  readonly socketPath: string;
  readonly path: string;
  /** Each with one request at a time. */
  readonly connections: number;
  readonly durationMs: number;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Of each answer, in milliseconds. */
  readonly latencies: readonly number[];
}

/**
 * As many requests as are answered: over kept connections, reading no more of an answer than where it ends, so that what is
 * measured is the one who answers.
 */
export async function loadOverSocket({ socketPath, path, connections, durationMs }: LoadRequest): Promise<LoadResult> {
  const elapsedMs = startStopwatch();
  const latencies: number[] = [];
  const until = (): boolean => elapsedMs() < durationMs;
  await Promise.all(
    Array.from({ length: connections }, () => askUntil(socketPath, path, until, (ms) => latencies.push(ms))),
  );
  return { perSecond: (latencies.length / elapsedMs()) * 1_000, latencies };
}

const HEAD_END = Buffer.from('\r\n\r\n');

function askUntil(
  socketPath: string,
  path: string,
  isGoingOn: () => boolean,
  onAnswer: (ms: number) => void,
): Promise<void> {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: doze\r\n\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let answeredMs = startStopwatch();
    const ask = (): void => {
      answeredMs = startStopwatch();
      socket.write(request);
    };
    const onEnd = (status: number): void => {
      if (status !== 200) socket.destroy(new Error(`${path} was answered with ${String(status)}`));
      onAnswer(answeredMs());
      if (isGoingOn()) ask();
      else socket.end();
    };
    socket.once('connect', ask);
    socket.once('error', reject);
    socket.once('close', () => resolve());
    readAnswers(socket, onEnd);
  });
}

/** Calls back with the status of each answer when its last byte has come. */
function readAnswers(socket: Socket, onEnd: (status: number) => void): void {
  let head = Buffer.alloc(0);
  let status = 0;
  let missing = -1;
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    if (missing === -1) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end === -1) return;
      const text = head.toString('latin1', 0, end);
      status = Number(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3));
      missing = Number(/\ncontent-length: (\d+)/i.exec(text)?.[1]);
      rest = head.subarray(end + HEAD_END.length);
    }
    missing -= rest.length;
    if (missing > 0) return;
    head = Buffer.alloc(0);
    missing = -1;
    onEnd(status);
  });
}
