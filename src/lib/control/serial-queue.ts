/** Runs tasks one after another, in the order in which they were asked for. */
export interface SerialQueue {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** Whether a task is running or waiting. */
  readonly isBusy: boolean;
}

export function createSerialQueue(): SerialQueue {
  let tail: Promise<unknown> = Promise.resolve();
  let pending = 0;
  return {
    run(task) {
      pending += 1;
      const result = tail.then(task);
      tail = result.then(
        () => (pending -= 1),
        () => (pending -= 1),
      );
      return result;
    },
    get isBusy() {
      return pending > 0;
    },
  };
}
