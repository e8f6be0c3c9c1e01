import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a service may do instead of answering. */
export type Misbehaviour =
  'hang' | 'hangAfterHeaders' | 'large' | 'html' | 'malformed' | 'redirectLoop' | 'wrongType' | 'error500' | 'close';

/** A real HTTP server in place of a service of the storage tier, on a port that it keeps. */
export interface StandIn extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** `GET /api/v1/ping`, in order. */
  readonly requests: readonly string[];
  misbehaves: Misbehaviour | null;
  /** From now on nothing listens on its port. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

export interface Answer {
  readonly status?: number;
  readonly json: unknown;
}

/** Null is 404. */
export type Surface = (request: IncomingMessage, body: string) => Answer | null;

const LARGE_BYTES = 2 * 1024 ** 2;

export async function startStandIn(surface: Surface, tls: ServerOptions | null = null): Promise<StandIn> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const onRequest: RequestListener = (request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (standIn.misbehaves === null) void text(request).then((body) => answer(response, surface(request, body)));
    else misbehave(standIn.misbehaves, request, response);
  };
  const server = tls === null ? createHttpServer(onRequest) : createHttpsServer(tls, onRequest);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('no port');
    return address.port;
  };
  const goDown = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const port = await listen(0);
  const standIn: StandIn = {
    url: `${tls === null ? 'http' : 'https'}://localhost:${String(port)}`,
    port,
    requests,
    misbehaves: null,
    goDown,
    comeBack: async () => {
      if (!server.listening) await listen(port);
    },
    [Symbol.asyncDispose]: goDown,
  };
  return standIn;
}

function answer(response: ServerResponse, given: Answer | null): void {
  response.writeHead(given === null ? 404 : (given.status ?? 200), { 'content-type': 'application/json' });
  response.end(JSON.stringify(given === null ? { status: 'error', error: 'Not found' } : given.json));
}

function misbehave(how: Misbehaviour, request: IncomingMessage, response: ServerResponse): void {
  switch (how) {
    case 'hang':
      return;
    case 'hangAfterHeaders':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"status":');
      return;
    case 'large':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'ok', padding: 'x'.repeat(LARGE_BYTES) }));
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Sign in</title>');
      return;
    case 'malformed':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"status":"ok"');
      return;
    case 'wrongType':
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end('{"status":"ok"}');
      return;
    case 'redirectLoop':
      response.writeHead(302, { location: request.url ?? '/' });
      response.end();
      return;
    case 'error500':
      answer(response, { status: 500, json: { status: 'error', error: 'Internal error' } });
      return;
    case 'close':
      request.socket.destroy();
  }
}
