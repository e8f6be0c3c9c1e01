import { open, stat } from 'node:fs/promises';

import { abortReason, type Clock } from '../../clock.ts';
import type { LogOptions } from '../driver.ts';
import { orNull } from './read-if-there.ts';

/** What is read back for a tail: enough for thousands of lines, and a bound. */
const MAX_TAIL_BYTES = 1024 ** 2;
const CHUNK_BYTES = 64 * 1024;
const FOLLOW_PAUSE_MS = 200;

export async function* readLog(
  path: string,
  options: LogOptions,
  clock: Clock,
  signal: AbortSignal,
): AsyncIterable<string> {
  let offset = (await orNull(stat(path)))?.size ?? 0;
  const start = Math.max(0, offset - MAX_TAIL_BYTES);
  const lines = splitLines(await readRange(path, start, offset));
  // The first is cut when the file has more than was read.
  const whole = start === 0 ? lines.whole : lines.whole.slice(1);
  const complete = options.follow || lines.rest === '' ? whole : [...whole, lines.rest];
  if (options.tail > 0) yield* complete.slice(-options.tail);

  let rest = options.follow ? lines.rest : '';
  while (options.follow && (await pause(clock, signal))) {
    const size = (await orNull(stat(path)))?.size ?? 0;
    // Begun anew at a start of the server.
    if (size < offset) [offset, rest] = [0, ''];
    const end = Math.min(size, offset + CHUNK_BYTES);
    const more = splitLines(rest + (await readRange(path, offset, end)));
    [offset, rest] = [end, more.rest];
    yield* more.whole;
  }
  if (!options.follow && signal.aborted) throw abortReason(signal);
}

/** False when the signal aborted: who follows has had enough, which is no error. */
async function pause(clock: Clock, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  return clock.sleep(FOLLOW_PAUSE_MS, signal).then(
    () => true,
    () => false,
  );
}

async function readRange(path: string, from: number, to: number): Promise<string> {
  if (to <= from) return '';
  await using file = await open(path, 'r');
  const buffer = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.toString('utf8', 0, bytesRead);
}

function splitLines(text: string): { readonly whole: readonly string[]; readonly rest: string } {
  const parts = text.split('\n');
  const rest = parts.pop() ?? '';
  return { whole: parts, rest };
}
