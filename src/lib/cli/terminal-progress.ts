import { Listr, type ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput } from 'listr2';

import type { Clock } from '../clock.ts';
import { formatDuration } from '../domain/index.ts';

/** What the work last said it is at. */
export interface LatestMessage {
  text: string;
}

export interface WatchedWork<Result> {
  readonly title: string;
  readonly running: Promise<Result>;
  readonly latest: LatestMessage;
  readonly startedMs: number;
  readonly done: ((result: Result) => string) | undefined;
  readonly clock: Clock;
}

const REFRESH_MS = 100;

/** A spinner with what it is doing and for how long; it leaves a line behind only if there is something to say. */
export async function watchOnTerminal<Result>(work: WatchedWork<Result>): Promise<Result> {
  const { title, running, latest, startedMs, done, clock } = work;
  const elapsed = (): string => formatDuration(clock.monotonicMs() - startedMs);
  const list = new Listr(
    {
      title,
      task: async (_context, line) => {
        using _ticker = clock.every(REFRESH_MS, () => {
          line.title = `${title} ${elapsed()}`;
          if (latest.text !== '') line.output = latest.text;
        });
        const result = await running;
        line.title = done === undefined ? `${title} ${elapsed()}` : done(result);
      },
    },
    {
      renderer: 'default',
      registerSignalListeners: false,
      rendererOptions: {
        clearOutput: done === undefined,
        collapseErrors: false,
        showErrorMessage: false,
        logger: new ListrLogger<ListrDefaultRendererLogLevels>({
          useIcons: true,
          processOutput: new ProcessOutput(process.stderr, process.stderr),
        }),
      },
    },
  );
  await list.run();
  return running;
}
