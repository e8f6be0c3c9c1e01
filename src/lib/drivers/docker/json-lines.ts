import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The JSON objects of a stream, one a line: how Docker tells of events and of progress. */
export async function* readJsonLines(stream: Readable): AsyncGenerator<Record<string, unknown>> {
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  // readline does not pass its input's errors on.
  const failures: Error[] = [];
  stream.once('error', (error) => {
    failures.push(error);
    lines.close();
  });
  for await (const line of lines) {
    const value = parse(line);
    if (value !== null) yield value;
  }
  if (failures[0] !== undefined) throw failures[0];
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // An empty or torn line, as when the engine stops in the middle of one.
    return null;
  }
}
