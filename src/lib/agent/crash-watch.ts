import { toDozeError, type DozeError } from '../errors/index.ts';
import type { Logger } from '../logger.ts';

export interface CrashWatch extends Disposable {
  /** The exception nobody caught, or null. */
  crash(): DozeError | null;
}

/**
 * Nothing that goes wrong is lost: a rejection that nobody looked at is logged; after an exception that nobody caught
 * nothing can be relied on, so the agent ends, and the next one adopts its computes.
 */
export function watchForCrashes(logger: Logger, onCrash: () => void): CrashWatch {
  let crash: DozeError | null = null;
  const onException = (thrown: unknown): void => {
    crash ??= toDozeError(thrown);
    logger.error({ err: thrown }, 'an exception that nobody caught: the agent ends');
    onCrash();
  };
  const onRejection = (thrown: unknown): void => {
    logger.error({ err: thrown }, 'a rejection that nobody looked at');
  };
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return {
    crash: () => crash,
    [Symbol.dispose]() {
      process.off('uncaughtException', onException);
      process.off('unhandledRejection', onRejection);
    },
  };
}
