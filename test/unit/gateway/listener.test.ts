import { expect, it } from 'vitest';

import { listen, type Listener } from '../../../src/lib/gateway/listener.ts';

/** More than Node.js takes for a leak of listeners. */
const MANY = 14;

it('finds a port behind many that are taken, and leaves nothing behind at each', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const listeners: Listener[] = [];
  for (let count = 0; count < MANY; count += 1) {
    const ports = { from: 47_310, to: 47_410 };
    listeners.push(
      await listen({ host: '127.0.0.1', port: 47_310, ports, onConnection: (socket) => socket.destroy() }),
    );
  }
  const ports = listeners.map(({ port }) => port);
  for (const listener of listeners) await listener.close();
  process.off('warning', onWarning);
  expect(new Set(ports).size).toBe(MANY);
  expect(warnings).toEqual([]);
});
