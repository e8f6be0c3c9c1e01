import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { finished } from 'node:stream';

import type { StorageCredential, StorageFault } from '../domain/index.ts';
import { systemCode } from '../errors/index.ts';
import { authorization } from './authorization.ts';
import { faultOf, faultOfStatus } from './faults.ts';

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  /** From the origin, such as `/api/v1/ping`. */
  readonly path: string;
  readonly body?: object;
  /** Whether the credential is sent; where none is needed it is not shown around. */
  readonly needsCredential: boolean;
}

/** Nothing is thrown: what is wrong with an endpoint is what is asked for. */
export type HttpOutcome =
  | { readonly kind: 'answered'; readonly json: unknown; readonly latencyMs: number }
  | {
      readonly kind: 'failed';
      readonly fault: StorageFault;
      readonly message: string;
      readonly status: number | null;
      readonly latencyMs: number;
    };

/** Requests to one origin. */
export interface HttpClient {
  readonly origin: string;
  /** Ends at the signal, whose reason tells a deadline from an end of ours. */
  call(call: HttpCall, signal: AbortSignal): Promise<HttpOutcome>;
  close(): void;
}

export interface HttpClientOptions {
  readonly origin: string;
  readonly credential: StorageCredential | null;
  /** PEM, or null for the system's authorities. */
  readonly certificateAuthority: string | null;
  readonly monotonicMs: () => number;
}

/** The largest true answers have some kilobytes: lists of timelines and snapshots. */
const MAX_BODY_BYTES = 256 * 1024;
const MAX_SOCKETS = 4;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const isTls = options.origin.startsWith('https:');
  const pool = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const { certificateAuthority: ca } = options;
  const agent = isTls ? new HttpsAgent({ ...pool, ...(ca === null ? {} : { ca }) }) : new HttpAgent(pool);
  const send = isTls ? httpsRequest : httpRequest;

  async function callOnce(call: HttpCall, signal: AbortSignal): Promise<HttpOutcome & { readonly isStale?: boolean }> {
    const beganMs = options.monotonicMs();
    const body = call.body === undefined ? null : Buffer.from(JSON.stringify(call.body));
    const headers = {
      accept: 'application/json',
      ...(call.needsCredential ? authorization(options.credential) : {}),
      ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
    };
    let request: ClientRequest | null = null;
    try {
      request = send(new URL(call.path, options.origin), { method: call.method, headers, agent, signal });
      const answer = await answerTo(request, body);
      const outcome = await read(answer);
      return { ...outcome, latencyMs: options.monotonicMs() - beganMs };
    } catch (error) {
      const latencyMs = options.monotonicMs() - beganMs;
      const isStale = request?.reusedSocket === true && systemCode(error) === 'ECONNRESET' && !signal.aborted;
      return { kind: 'failed', ...faultOf(error, signal), status: null, latencyMs, isStale };
    }
  }

  return {
    origin: options.origin,
    call: async (call, signal) => {
      const outcome = await callOnce(call, signal);
      // A connection that the other side had closed while it idled: nothing was asked yet.
      return outcome.isStale === true ? callOnce(call, signal) : outcome;
    },
    close: () => agent.destroy(),
  };
}

function answerTo(request: ClientRequest, body: Buffer | null): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Also after the response: the body's own error says the same.
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

type Read =
  { kind: 'answered'; json: unknown } | { kind: 'failed'; fault: StorageFault; message: string; status: number };

async function read(answer: IncomingMessage): Promise<Read> {
  const status = answer.statusCode ?? 0;
  const refuse = (fault: StorageFault, message: string): Read => {
    answer.destroy();
    return { kind: 'failed', fault, message, status };
  };
  const wrong = faultOfStatus(status, answer.headers.location);
  if (wrong !== null) return refuse(wrong.fault, wrong.message);
  const text = await readBody(answer);
  if (text === null) return refuse('tooLarge', `its answer is longer than ${MAX_BODY_BYTES / 1024} KiB`);
  const type = answer.headers['content-type'] ?? 'none';
  // An empty answer is one: Neon's broker gives no more.
  if (text === '') return { kind: 'answered', json: null };
  if (!/^application\/(?:[\w.+-]*\+)?json\b/i.test(type))
    return refuse('contentType', `answers with ${type} and not JSON`);
  try {
    return { kind: 'answered', json: JSON.parse(text) as unknown };
  } catch {
    return refuse('malformed', 'its answer says it is JSON, and is not');
  }
}

/** By events, which cost less than an iterator for one chunk or two. @returns null when it is too long */
function readBody(answer: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve(null);
    });
    // Also a connection that ends before the answer does.
    finished(answer, (error) => {
      if (error) reject(error);
      else resolve(Buffer.concat(chunks).toString());
    });
  });
}
