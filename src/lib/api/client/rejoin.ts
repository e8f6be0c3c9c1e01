import type { OperationView } from '../contract.ts';
import { API_PREFIX } from '../protocol.ts';
import { problemError } from './remote-error.ts';
import type { OnProgress } from './stream.ts';

/** Within the time that an answer may take. */
const WAIT_SECONDS = 20;

/** Path of the operation that a stream is about, below `/v1`: of its Link header (RFC 8288). */
export function monitorOf(link: string | string[] | undefined): string | null {
  const place = /<([^>]+)>; rel="monitor"/.exec(String(link))?.[1] ?? '';
  return place.startsWith(`${API_PREFIX}/operations/`) ? place.slice(API_PREFIX.length) : null;
}

/**
 * Waits for the end of an operation whose stream got lost, with what it says on its way.
 * @param saidMs how far it had got when it was heard last
 * @throws the operation's error; OPERATION_LOST when its agent has ended meanwhile
 */
export async function rejoin<Result>(
  ask: (path: string) => Promise<OperationView>,
  path: string,
  { onProgress, saidMs }: { readonly onProgress: OnProgress; readonly saidMs: number },
): Promise<Result> {
  let lastMs = saidMs;
  for (;;) {
    const { state, progress, result, problem } = await ask(`${path}?waitSeconds=${WAIT_SECONDS}`);
    for (const { message, elapsedMs } of progress) {
      if (elapsedMs <= lastMs) continue;
      onProgress(message, elapsedMs);
      lastMs = elapsedMs;
    }
    if (problem !== null) throw problemError(problem);
    if (state === 'succeeded') return result as Result;
  }
}
