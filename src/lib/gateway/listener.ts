import { createServer, type Server, type Socket } from 'node:net';

import { DozeError, systemCode } from '../errors/index.ts';
import { SOCKET_OPTIONS } from './socket-reader.ts';

export interface Listener {
  /** The port really bound. */
  readonly port: number;
  close(): Promise<void>;
}

/** Inclusive. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export interface ListenRequest {
  readonly host: string;
  /** 0 takes any. */
  readonly port: number;
  /** Where to look for another one when it is taken. */
  readonly ports: PortRange;
  /** The socket is not being read yet. */
  readonly onConnection: (socket: Socket) => void;
}

/** Clients that come at once while the process is busy. */
const BACKLOG = 4_096;

/** Listens on the port, or when it is taken on the next free one of the range. @throws PORTS_TAKEN */
export async function listen(request: ListenRequest): Promise<Listener> {
  const server = createServer({ ...SOCKET_OPTIONS, pauseOnConnect: true }, request.onConnection);
  for (const port of candidatePorts(request)) {
    if (await isBound(server, request.host, port)) return listenerOf(server);
  }
  const { from, to } = request.ports;
  throw new DozeError('PORTS_TAKEN', `port ${request.port} and all ports from ${from} to ${to} are taken`);
}

/** The one asked for, then those after it, then those before it. */
export function* candidatePorts({ port, ports }: Pick<ListenRequest, 'port' | 'ports'>): Generator<number> {
  yield port;
  const first = port >= ports.from && port < ports.to ? port + 1 : ports.from;
  for (let next = first; next <= ports.to; next++) if (next !== port) yield next;
  for (let next = ports.from; next < first; next++) if (next !== port) yield next;
}

function isBound(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onListening = (): void => {
      server.off('error', onError);
      resolve(true);
    };
    const onError = (error: Error): void => {
      server.off('listening', onListening);
      const code = systemCode(error);
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(false);
      else reject(new DozeError('PORTS_TAKEN', `cannot listen on ${host}:${port}: ${error.message}`, { cause: error }));
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ host, port, backlog: BACKLOG });
  });
}

function listenerOf(server: Server): Listener {
  const address = server.address();
  // Accepting can fail for want of file descriptors; the next connection is tried all the same.
  server.on('error', () => undefined);
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    // Resolves when the port is free; connections go on until their sessions end.
    close: () =>
      new Promise((resolve) => {
        server.close(() => undefined);
        setImmediate(resolve);
      }),
  };
}
