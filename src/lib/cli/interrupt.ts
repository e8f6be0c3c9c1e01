import { DozeError } from '../errors/index.ts';

/** Ctrl-C: the first ends what the command waits for, a second one ends the command at once. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
  /** What goes on when nobody waits for it any more, and where to look: said after Ctrl-C and `--timeout`. */
  explain(whatGoesOn: string | null, hint: string): void;
  /** An error that says why the command no longer waits, and what goes on. */
  error(code: 'INTERRUPTED' | 'TIMED_OUT', why: string): DozeError;
  /** While a program in the foreground takes Ctrl-C for itself. */
  pause(): Disposable;
}

const EXIT_INTERRUPTED = 130;

export function createInterrupt(): Interrupt {
  const controller = new AbortController();
  let explanation: { readonly whatGoesOn: string | null; readonly hint: string | null } = {
    whatGoesOn: null,
    hint: null,
  };
  const error: Interrupt['error'] = (code, why) => {
    const { whatGoesOn, hint } = explanation;
    return new DozeError(code, whatGoesOn === null ? why : `${why}; ${whatGoesOn}`, hint === null ? {} : { hint });
  };
  let pauses = 0;
  const onSignal = (): void => {
    if (pauses > 0) return;
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort(error('INTERRUPTED', 'interrupted'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    explain: (whatGoesOn, hint) => {
      explanation = { whatGoesOn, hint };
    },
    error,
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
