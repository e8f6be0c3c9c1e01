import { createServer, type Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

import type { Clock } from '../../../clock.ts';
import { DozeError, systemCode } from '../../../errors/index.ts';
import { sourceOf } from '../../../gateway/index.ts';
import type { HttpTimeouts } from '../http-limits.ts';

/** In PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface RemoteListener {
  /** Where it is; of use when any free one was asked for. */
  readonly port: number;
  /** For connections that come from now on. */
  renew(certificate: ServerCertificate): void;
  /** Takes no more connections; ends idle ones at once, and all when the signal aborts. */
  close(hurry: AbortSignal): Promise<void>;
}

export interface RemoteListenerOptions extends ServerCertificate {
  /** Answers what is no request, or comes too slowly. */
  readonly onClientError: (error: Error, socket: Socket) => void;
  readonly timeouts: HttpTimeouts;
  readonly host: string;
  readonly port: number;
}

/** What strangers may take before they have said who they are, and everybody after. */
const LIMITS = {
  connections: 512,
  connectionsOfAddress: 64,
  handshakeMs: 10_000,
  keepAliveMs: 60_000,
  headerBytes: 16 * 1024,
  headerCount: 64,
} as const;
/** A peer that vanished is noticed after this, and ten probes a second apart. */
const PROBE_AFTER_MS = 30_000;
/** How long somebody may leave an answer unread. */
const UNREAD_MS = 60_000;
const LOOK_MS = 15_000;

/**
 * The API by TLS, beside the Unix socket. `handle` is given requests whose headers are all there.
 * @throws PORTS_TAKEN, CONFIG_INVALID
 */
export async function listenRemote(
  handle: RequestListener,
  clock: Clock,
  { host, port, certificate, key, onClientError, timeouts }: RemoteListenerOptions,
): Promise<RemoteListener> {
  const server = createServer(
    {
      cert: certificate,
      key,
      minVersion: 'TLSv1.2',
      handshakeTimeout: LIMITS.handshakeMs,
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: LIMITS.keepAliveMs,
      connectionsCheckingInterval: timeouts.checkMs,
      maxHeaderSize: LIMITS.headerBytes,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
      noDelay: true,
    },
    handle,
  );
  server.maxHeadersCount = LIMITS.headerCount;
  server.maxConnections = LIMITS.connections;
  const sockets = boundAddresses(server);
  const unread = endUnread(sockets, clock);
  // One that is no TLS, or fails in it, ends by itself; without a listener it would be thrown.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('clientError', onClientError);
  await listen(server, host, port);
  const place = server.address();
  return {
    port: typeof place === 'object' && place !== null ? place.port : port,
    renew: (next) => server.setSecureContext({ cert: next.certificate, key: next.key }),
    async close(hurry) {
      const cut = (): void => sockets.forEach((socket) => socket.destroy());
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      hurry.addEventListener('abort', cut, { once: true });
      if (hurry.aborted) cut();
      await closed;
      hurry.removeEventListener('abort', cut);
      unread[Symbol.dispose]();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const isTaken = systemCode(cause) === 'EADDRINUSE';
      const why = isTaken ? 'another program has it' : (systemCode(cause) ?? cause.message);
      reject(
        new DozeError(
          isTaken ? 'PORTS_TAKEN' : 'CONFIG_INVALID',
          `the API cannot listen on ${host}, port ${port}: ${why}`,
          { cause, hint: 'doze config set listen HOST:PORT, or doze config unset listen', details: { host, port } },
        ),
      );
    });
    server.listen({ host, port }, resolve);
  });
}

/** Every connection, before TLS too, counted by where it is from. */
function boundAddresses(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const source = sourceOf(socket.remoteAddress ?? '');
    const count = (counts.get(source) ?? 0) + 1;
    if (count > LIMITS.connectionsOfAddress) {
      socket.destroy();
      return;
    }
    counts.set(source, count);
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (counts.get(source) ?? 1) - 1;
      if (left === 0) counts.delete(source);
      else counts.set(source, left);
    });
  });
  return sockets;
}

/** Who takes nothing of what is there for it gives up its place. */
function endUnread(sockets: ReadonlySet<Socket>, clock: Clock): Disposable {
  const stuck = new WeakMap<Socket, { readonly written: number; readonly sinceMs: number }>();
  return clock.every(LOOK_MS, () => {
    const nowMs = clock.monotonicMs();
    for (const socket of sockets) {
      const before = stuck.get(socket);
      const { bytesWritten: queued, writableLength } = socket;
      const written = queued - writableLength;
      if (writableLength === 0) stuck.delete(socket);
      else if (before?.written !== written) stuck.set(socket, { written, sinceMs: nowMs });
      else if (nowMs - before.sinceMs >= UNREAD_MS) socket.destroy();
    }
  });
}
