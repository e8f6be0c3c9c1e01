import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request as it came. */
export interface Received {
  readonly body: string;
  readonly contentType: string;
  readonly authorization: string | null;
}

type Behave = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A real HTTP server that takes usage, or does with it what a test says. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly Received[];
  /** What it does from now on; after it has read the request. `count` is that of all requests, from 1. */
  behave: Behave;
}

export const ACCEPT: Behave = (_request, response) => {
  response.writeHead(202).end();
};

export async function createReceiver(behave: Behave = ACCEPT): Promise<Receiver> {
  const requests: Received[] = [];
  const receiver = { behave };
  const server = createServer((request, response) => {
    void text(request)
      .then((body) => {
        const { 'content-type': contentType = '', authorization = null } = request.headers;
        requests.push({ body, contentType, authorization });
        receiver.behave(request, response, requests.length);
      })
      .catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${port}/events?tenant=7`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

interface EventLike {
  readonly id: string;
  readonly source: string;
  readonly data: { readonly meter: string; readonly value: string; readonly computeId: string };
}

/** As a billing system does it: each id counts once, and values are added. In millionths, by compute and meter. */
export function billedOf(requests: readonly Received[]): Record<string, bigint> {
  const known = new Map<string, EventLike>();
  for (const { body } of requests) {
    for (const event of JSON.parse(body) as EventLike[]) known.set(`${event.source} ${event.id}`, event);
  }
  const sums: Record<string, bigint> = {};
  for (const { data } of known.values()) {
    const key = `${data.computeId} ${data.meter}`;
    sums[key] = (sums[key] ?? 0n) + micros(data.value);
  }
  return sums;
}

function micros(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  return BigInt(whole + fraction.padEnd(6, '0')) * (decimal.startsWith('-') ? -1n : 1n);
}
