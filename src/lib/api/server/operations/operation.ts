import type { Clock } from '../../../clock.ts';
import { DozeError, toDozeError } from '../../../errors/index.ts';
import type { ReportProgress } from '../../services.ts';

/** What a request is about, for who asks after it later. */
export interface OperationFacts {
  /** Of its route. */
  readonly route: string;
  readonly project: string | null;
  readonly target: Readonly<Record<string, string | number>>;
}

export interface ProgressLine {
  readonly message: string;
  readonly elapsedMs: number;
}

export type Outcome =
  { readonly kind: 'result'; readonly result: unknown } | { readonly kind: 'error'; readonly error: DozeError };

export interface Follower {
  onProgress(line: ProgressLine): void;
  onEnd(outcome: Outcome): void;
}

/**
 * Something that was asked for and takes a while. It belongs to the agent: who asked may leave.
 *
 * | it is   | who waits for it                 | when the last of them leaves             | when the agent dies                   |
 * | ------- | -------------------------------- | ---------------------------------------- | ------------------------------------- |
 * | running | streams, and repeats of its key  | it gives up a wait for its turn, no more | forgotten; reconcile ends what it was |
 * | running | nobody has to (`respond-async`)  | -                                        | the same                              |
 * | ended   | nobody                           | -                                        | forgotten, but for what a key keeps   |
 */
export interface Operation extends OperationFacts {
  readonly id: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** The last lines of it. */
  readonly progress: readonly ProgressLine[];
  /** Null while it runs. */
  readonly outcome: Outcome | null;
  /** Tells first what there was, at once. @returns stops telling */
  follow(follower: Follower): () => void;
  /** Waits for it until the signal aborts. */
  attach(gone: AbortSignal): void;
  /** From now on it needs nobody who waits. */
  release(): void;
}

const MAX_PROGRESS = 100;

export type Run = (onProgress: ReportProgress, gone: AbortSignal) => Promise<unknown>;

/** Begins it. */
export function startOperation(
  { id, ...facts }: OperationFacts & { readonly id: string },
  run: Run,
  deps: { readonly clock: Clock; readonly stopping: AbortSignal; readonly onEnd: (operation: Operation) => void },
): Operation {
  const { clock, stopping } = deps;
  const startedMs = clock.monotonicMs();
  const progress: ProgressLine[] = [];
  const followers = new Set<Follower>();
  const left = new AbortController();
  let waiting = 0;
  let isReleased = false;
  let outcome: Outcome | null = null;
  let endedAtMs: number | null = null;

  const operation: Operation = {
    id,
    ...facts,
    startedAtMs: clock.wallMs(),
    get endedAtMs() {
      return endedAtMs;
    },
    progress,
    get outcome() {
      return outcome;
    },
    follow(follower) {
      for (const line of progress) follower.onProgress(line);
      if (outcome !== null) {
        follower.onEnd(outcome);
        return () => undefined;
      }
      followers.add(follower);
      return () => void followers.delete(follower);
    },
    attach(gone) {
      waiting += 1;
      const onGone = (): void => {
        waiting -= 1;
        if (waiting === 0 && !isReleased) left.abort(new DozeError('INTERRUPTED', 'the caller went away'));
      };
      if (gone.aborted) onGone();
      else gone.addEventListener('abort', onGone, { once: true });
    },
    release: () => {
      isReleased = true;
    },
  };

  function onProgress(message: string): void {
    if (outcome !== null) return;
    const line = { message, elapsedMs: Math.round(clock.monotonicMs() - startedMs) };
    progress.push(line);
    if (progress.length > MAX_PROGRESS) progress.shift();
    for (const follower of followers) follower.onProgress(line);
  }

  function end(how: Outcome): void {
    outcome = how;
    endedAtMs = clock.wallMs();
    deps.onEnd(operation);
    for (const follower of followers) follower.onEnd(how);
    followers.clear();
  }

  async function live(): Promise<void> {
    try {
      end({ kind: 'result', result: await run(onProgress, AbortSignal.any([left.signal, stopping])) });
    } catch (thrown) {
      end({ kind: 'error', error: toDozeError(thrown) });
    }
  }
  void live();
  return operation;
}

/** One that ended before, as it is remembered. */
export function endedOperation(
  facts: OperationFacts & { readonly id: string; readonly atMs: number; readonly outcome: Outcome },
): Operation {
  const { id, route, project, target, atMs, outcome } = facts;
  return {
    ...{ id, route, project, target, outcome, startedAtMs: atMs, endedAtMs: atMs, progress: [] },
    follow(follower) {
      follower.onEnd(outcome);
      return () => undefined;
    },
    attach: () => undefined,
    release: () => undefined,
  };
}

/** How it ends, for who wants nothing but that. */
export function resultOf(operation: Operation): Promise<unknown> {
  return new Promise((resolve, reject) => {
    operation.follow({
      onProgress: () => undefined,
      onEnd: (outcome) => {
        if (outcome.kind === 'result') resolve(outcome.result);
        else reject(outcome.error);
      },
    });
  });
}
