import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that Linux gives to outgoing connections, which come and go while a server is down. */
const FIRST = 18_000;
const LAST = 18_999;
let next = FIRST;

/** A port of this machine that nobody listens on. Given once: a server that is down for a moment keeps its own. */
export async function findFreePort(): Promise<number> {
  while (next <= LAST) {
    const port = next;
    next += 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port between ${String(FIRST)} and ${String(LAST)} is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const bound = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port, '127.0.0.1');
  const isBound = await bound;
  server.close();
  return isBound;
}
