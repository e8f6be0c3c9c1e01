import type { Readable } from 'node:stream';

import { DozeError } from '../../errors/index.ts';
import type { StreamLine } from '../contract.ts';
import { remoteError } from './remote-error.ts';

/** `elapsedMs` counts from the start of the operation in the agent. */
export type OnProgress = (message: string, elapsedMs: number) => void;

/** Nothing the agent says in one line is near this. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/**
 * Reads the stream of a long operation to its end.
 * @throws the operation's error; AGENT_UNREACHABLE when the stream ends with neither result nor error.
 */
export async function readResult<Result>(stream: Readable, onProgress: OnProgress): Promise<Result> {
  for await (const text of linesOf(stream)) {
    if (text === '') continue;
    const line = JSON.parse(text) as StreamLine<Result>;
    if (line.type === 'result') return line.result;
    if (line.type === 'error') throw remoteError(line);
    onProgress(line.message, line.elapsedMs);
  }
  throw new DozeError('AGENT_UNREACHABLE', 'the agent went away before it said how the operation ended', {
    hint: 'doze compute list',
  });
}

/** Lines without their ends; what follows the last end is a line as well unless it is empty. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) throw new DozeError('INTERNAL', 'the agent sent a line that does not end');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

export async function readText(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) text += chunk;
  return text;
}
