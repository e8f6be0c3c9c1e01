import type { Clock } from '../clock.ts';
import { formatDuration } from '../domain/index.ts';
import type { LatestMessage } from './terminal-progress.ts';
import type { Output } from './output.ts';

/** Tells what the work is at. */
export type Report = (message: string) => void;

/** Shows that something goes on, on stderr, from its first moment to its end. */
export interface Progress {
  /** Runs the work under a title. `done` says what came of it, for lists whose lines stay on the screen. */
  run<Result>(
    title: string,
    work: (report: Report) => Promise<Result>,
    done?: (result: Result) => string,
  ): Promise<Result>;
}

export interface ProgressOptions {
  readonly output: Output;
  readonly clock: Clock;
  readonly isTerminal: boolean;
}

/** The cursor goes to the line above, and what stands there is cleared. */
const LINE_UP_AND_CLEAR = '\u001b[1A\u001b[2K\u001b[1A';

/** Nothing with `--json` and `--quiet`, a spinner on a terminal, plain lines elsewhere. */
export function createProgress({ output, clock, isTerminal }: ProgressOptions): Progress {
  if (output.isJson || output.isQuiet) return { run: (_title, work) => work(() => undefined) };
  if (!isTerminal) return createPlainProgress(output, clock);
  return {
    run: async (title, work, done) => {
      // Something to look at while the renderer loads, which takes longer than most of the work.
      output.note(title);
      const startedMs = clock.monotonicMs();
      const latest: LatestMessage = { text: '' };
      const running = work((message) => {
        latest.text = message;
      });
      // It is awaited below; until then a failure has to wait too.
      running.catch(() => undefined);
      const { watchOnTerminal } = await import('./terminal-progress.ts');
      output.note(LINE_UP_AND_CLEAR);
      return watchOnTerminal({ title, running, latest, startedMs, done, clock });
    },
  };
}

function createPlainProgress(output: Output, clock: Clock): Progress {
  return {
    run: async (title, work, done) => {
      const startedMs = clock.monotonicMs();
      output.note(title);
      const result = await work((message) => {
        output.note(`  ${message} (${formatDuration(clock.monotonicMs() - startedMs)})`);
      });
      if (done !== undefined) output.note(`  ${done(result)}`);
      return result;
    },
  };
}
