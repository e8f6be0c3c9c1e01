import { get } from 'node:http';
import { text } from 'node:stream/consumers';

import { printOwnCpu, type CpuRequest } from '../storage/own-cpu.ts';

/** A process that sends the requests of a watch and reads the answers, and makes nothing of them. */
export interface AskRequest extends CpuRequest {
  readonly urls: readonly string[];
  readonly intervalMs: number;
}

const request = JSON.parse(process.argv[2] ?? '') as AskRequest;
const timers: NodeJS.Timeout[] = [];
for (const url of request.urls) {
  const ask = (): void => {
    // A connection each: a server keeps one that idles for no longer than the interval.
    get(url, { agent: false }, (answer) => void text(answer).then((body) => JSON.parse(body) as unknown)).on(
      'error',
      fail,
    );
  };
  setTimeout(() => {
    ask();
    timers.push(setInterval(ask, request.intervalMs));
  }, request.intervalMs * Math.random());
}
await printOwnCpu(request);
timers.forEach(clearInterval);

function fail(error: Error): never {
  throw error;
}
