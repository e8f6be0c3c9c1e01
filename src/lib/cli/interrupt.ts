import { DozeError } from '../errors/index.ts';

/** Ctrl-C: the first ends what the command waits for, a second one ends the command at once. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
  /** What goes on without the person: said when the command is interrupted. */
  explain(sentence: string, hint: string): void;
  /** While a program in the foreground takes Ctrl-C for itself. */
  pause(): Disposable;
}

const EXIT_INTERRUPTED = 130;

export function createInterrupt(): Interrupt {
  const controller = new AbortController();
  let explanation = { sentence: 'interrupted', hint: 'doze compute list' };
  let pauses = 0;
  const onSignal = (): void => {
    if (pauses > 0) return;
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort(new DozeError('INTERRUPTED', explanation.sentence, { hint: explanation.hint }));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    explain: (sentence, hint) => {
      explanation = { sentence, hint };
    },
    pause: () => {
      pauses += 1;
      return {
        [Symbol.dispose]: () => {
          pauses -= 1;
        },
      };
    },
    [Symbol.dispose]: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
