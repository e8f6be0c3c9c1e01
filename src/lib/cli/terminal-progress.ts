import { Listr, type ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput } from 'listr2';

import type { Clock } from '../clock.ts';
import { formatDuration } from '../domain/index.ts';
import type { Report } from './progress.ts';

export interface TerminalTask<Result> {
  readonly title: string;
  readonly work: (report: Report) => Promise<Result>;
  readonly done: ((result: Result) => string) | undefined;
  readonly clock: Clock;
  readonly isColoured: boolean;
}

const REFRESH_MS = 100;

/** A spinner with what it is doing and for how long; it leaves a line behind only if there is something to say. */
export async function runOnTerminal<Result>(task: TerminalTask<Result>): Promise<Result> {
  const { title, work, done, clock } = task;
  const startedMs = clock.monotonicMs();
  const elapsed = (): string => formatDuration(clock.monotonicMs() - startedMs);
  const outcome: { value?: { readonly result: Result } } = {};
  const list = new Listr(
    {
      title,
      task: async (_context, wrapper) => {
        using _ticker = clock.every(REFRESH_MS, () => {
          wrapper.title = `${title} ${elapsed()}`;
        });
        const result = await work((message) => {
          wrapper.output = message;
        });
        outcome.value = { result };
        wrapper.title = done === undefined ? `${title} ${elapsed()}` : done(result);
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
  return (outcome.value as { readonly result: Result }).result;
}
