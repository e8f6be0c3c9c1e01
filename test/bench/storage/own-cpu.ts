import { setTimeout as sleep } from 'node:timers/promises';

import { startStopwatch } from '../by-hand/stopwatch.ts';

/** What a measured process is told by its parent, as JSON in its only argument. */
export interface CpuRequest {
  /** Not measured: code is compiled and connections are opened by then. */
  readonly warmUpMs: number;
  readonly windowMs: number;
}

/** Prints how much of a core this process took in the window, in percent, while whatever it does goes on. */
export async function printOwnCpu({ warmUpMs, windowMs }: CpuRequest): Promise<void> {
  await sleep(warmUpMs);
  const elapsedMs = startStopwatch();
  const before = process.cpuUsage();
  await sleep(windowMs);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${String(((user + system) / 1_000 / elapsedMs()) * 100)}\n`);
}
