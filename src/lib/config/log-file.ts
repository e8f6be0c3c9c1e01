import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import type { Clock } from '../clock.ts';
import { systemCode } from '../errors/index.ts';

export interface LastLines {
  readonly lines: readonly string[];
  /** Where the file ended. */
  readonly end: number;
}

const MAX_READ_BYTES = 8 * 1024 * 1024;
const POLL_MS = 250;

/** The last lines of a file; none if there is no such file. */
export function readLastLines(file: string, count: number): LastLines {
  const { text, end } = readFrom(file, 0);
  const lines = text.split('\n').filter((line) => line !== '');
  return { lines: count === 0 ? [] : lines.slice(-count), end };
}

export interface FollowOptions {
  readonly from: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Goes on until the signal aborts. A file that got shorter was rotated, and is read from its beginning. */
export async function* followFile(file: string, { from, clock, signal }: FollowOptions): AsyncGenerator<string, never> {
  let position = from;
  let rest = '';
  for (;;) {
    await clock.sleep(POLL_MS, signal);
    const { text, end, isShorter } = readFrom(file, position);
    if (isShorter) rest = '';
    position = end;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}

interface Piece {
  readonly text: string;
  readonly end: number;
  readonly isShorter: boolean;
}

function readFrom(file: string, position: number): Piece {
  const descriptor = openIfThere(file);
  if (descriptor === null) return { text: '', end: 0, isShorter: false };
  try {
    const { size } = fstatSync(descriptor);
    const isShorter = size < position;
    const start = Math.max(isShorter ? 0 : position, size - MAX_READ_BYTES);
    const buffer = Buffer.alloc(size - start);
    const read = readSync(descriptor, buffer, 0, buffer.length, start);
    return { text: buffer.toString('utf8', 0, read), end: start + read, isShorter };
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
