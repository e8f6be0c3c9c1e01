import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';

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
  /** Whether other threads of this process listen on it too; `join` is for all of them but the first. */
  readonly sharing?: 'no' | 'first' | 'join';
  /** The socket is not being read yet. */
  readonly onConnection: (socket: Socket) => void;
}

/** Clients that come at once while the process is busy. */
const BACKLOG = 4_096;

/** Listens on the port, or when it is taken on the next free one of the range. @throws PORTS_TAKEN */
export async function listen(request: ListenRequest): Promise<Listener> {
  const server = createServer({ ...SOCKET_OPTIONS, pauseOnConnect: true }, request.onConnection);
  for (const port of candidatePorts(request)) {
    if (await isBound(server, request, port)) return listenerOf(server);
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

function isBound(server: Server, { host, sharing = 'no' }: ListenRequest, port: number): Promise<boolean> {
  if (sharing === 'first') return isBoundFirst(server, host, port);
  return tryToBind(server, { host, port, backlog: BACKLOG, reusePort: sharing === 'join' });
}

/**
 * A port that is shared is not refused to another agent of the same user, which would take half of its clients away: so it
 * is taken alone first, and as long as that lasts under a name that only one process can have.
 */
async function isBoundFirst(server: Server, host: string, port: number): Promise<boolean> {
  const guard = createServer();
  const probe = createServer();
  try {
    // Linux only, as sharing is: no file, gone with the process.
    if (port !== 0 && !(await tryToBind(guard, { path: `\0doze-port-${port}` }))) return false;
    if (!(await tryToBind(probe, { host, port }))) return false;
    const free = portOf(probe);
    await closed(probe);
    return await tryToBind(server, { host, port: free, backlog: BACKLOG, reusePort: true });
  } finally {
    guard.close(() => undefined);
    probe.close(() => undefined);
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function tryToBind(server: Server, options: ListenOptions): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onListening = (): void => {
      server.off('error', onError);
      resolve(true);
    };
    const onError = (error: Error): void => {
      server.off('listening', onListening);
      const code = systemCode(error);
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(false);
      else
        reject(
          new DozeError(
            'PORTS_TAKEN',
            `cannot listen on ${options.path ?? `${options.host}:${options.port}`}: ${error.message}`,
            { cause: error },
          ),
        );
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(options);
  });
}

function listenerOf(server: Server): Listener {
  // Accepting can fail for want of file descriptors; the next connection is tried all the same.
  server.on('error', () => undefined);
  return {
    port: portOf(server),
    // Resolves when the port is free; connections go on until their sessions end.
    close: () =>
      new Promise((resolve) => {
        server.close(() => undefined);
        setImmediate(resolve);
      }),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
