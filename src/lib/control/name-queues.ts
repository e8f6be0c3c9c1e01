import { untilAborted } from '../clock.ts';
import { createSerialQueue, type SerialQueue } from './serial-queue.ts';

/** One queue a name: what makes a compute of this name runs after whatever else does, so that two at once make one. */
export interface NameQueues {
  run<Result>(project: string, name: string, task: () => Promise<Result>): Promise<Result>;
  /** Resolves when nothing makes a compute of this name. @throws the signal's reason */
  idle(project: string, name: string, signal: AbortSignal): Promise<void>;
}

export function createNameQueues(): NameQueues {
  const queues = new Map<string, SerialQueue>();
  async function run<Result>(project: string, name: string, task: () => Promise<Result>): Promise<Result> {
    const key = `${project}/${name}`;
    const queue = queues.get(key) ?? createSerialQueue();
    queues.set(key, queue);
    try {
      return await queue.run(task);
    } finally {
      if (!queue.isBusy) queues.delete(key);
    }
  }

  return {
    run,
    async idle(project, name, signal) {
      if (!queues.has(`${project}/${name}`)) return;
      await untilAborted(
        run(project, name, () => Promise.resolve()),
        signal,
      );
    },
  };
}
