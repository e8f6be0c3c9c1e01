import { createServer } from 'node:net';

import { systemCode } from '../../errors/index.ts';

export const LOOPBACK = '127.0.0.1';

/** The wanted port if it is free, else one that the system chooses. Free means now: the server has to bind it yet. */
export async function findFreePort(wanted: number | null): Promise<number> {
  if (wanted !== null && (await tryPort(wanted)) !== null) return wanted;
  return (await tryPort(0)) ?? findFreePort(null);
}

function tryPort(port: number): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const server = createServer();
  server.once('error', (error) => {
    if (systemCode(error) === 'EADDRINUSE' || systemCode(error) === 'EACCES') resolve(null);
    else reject(error);
  });
  server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' ? (address?.port ?? null) : null));
  });
  return promise;
}
