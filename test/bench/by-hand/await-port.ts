import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const FINEST_PAUSE_MS = 1;
const DEADLINE_MS = 120_000;

/**
 * Returns when something accepts connections. By hand one cannot do better: a refused connection costs the server
 * nothing, MariaDB listens long before it is ready, and who is connected then is greeted the moment it is.
 */
export async function awaitPort(host: string, port: number, pauseMs = FINEST_PAUSE_MS): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await isOpen(host, port))) {
    if (performance.now() > deadline) throw new Error(`nothing listens at ${host}:${String(port)}`);
    await sleep(pauseMs);
  }
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      socket.destroy();
      resolve(false);
    });
  });
}
