import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';

import { printOwnCpu, type CpuRequest } from '../storage/own-cpu.ts';

/** A process that sends the requests of a watch and reads the answers, and makes nothing of them. */
export interface AskRequest extends CpuRequest {
  readonly urls: readonly string[];
  readonly intervalMs: number;
}

const request = JSON.parse(process.argv[2] ?? '') as AskRequest;
const agent = new Agent({ keepAlive: true });
const timers: NodeJS.Timeout[] = [];
for (const url of request.urls) {
  const ask = (): void => {
    get(url, { agent }, (answer) => void text(answer).then((body) => JSON.parse(body) as unknown)).on('error', fail);
  };
  setTimeout(() => {
    ask();
    timers.push(setInterval(ask, request.intervalMs));
  }, request.intervalMs * Math.random());
}
await printOwnCpu(request);
timers.forEach(clearInterval);
agent.destroy();

function fail(error: Error): never {
  throw error;
}
