import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { createDeadline } from '../../clock.ts';
import { DozeError, systemCode } from '../../errors/index.ts';

/** What came of one attempt. `retry`: the receiver may take it later, and after this long if it said so. */
export type SendOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly status: number; readonly says: string }
  | { readonly kind: 'retry'; readonly why: string; readonly afterMs: number | null };

export interface SendTarget {
  readonly url: URL;
  /** Sent as `Authorization: Bearer`; null for none. */
  readonly secret: string | null;
  readonly timeoutMs: number;
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#4-json-batch-format */
const CONTENT_TYPE = 'application/cloudevents-batch+json; charset=utf-8';
/** Of an answer, for people: an error page need not be read to its end. */
const SAYS_LENGTH = 200;
const REQUEST_TIMEOUT = 408;
const TOO_EARLY = 425;
const TOO_MANY_REQUESTS = 429;
/** What a receiver may ask for at most, so that a mistake of its does not stop us for a day. */
const MAX_RETRY_AFTER_MS = 10 * 60_000;

/** Sends one batch once. Redirects are not followed: the secret would go wherever they point. @throws the signal's reason */
export async function sendBatch(body: string, target: SendTarget, signal: AbortSignal): Promise<SendOutcome> {
  const tooLate = (): DozeError => new DozeError('TIMED_OUT', `no answer within ${target.timeoutMs / 1000} s`);
  using deadline = createDeadline(target.timeoutMs, tooLate, signal);
  try {
    return await outcomeOf(await post(body, target, deadline.signal));
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'retry', why: describe(error, deadline.signal), afterMs: null };
  }
}

function post(body: string, { url, secret }: SendTarget, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = {
    'content-type': CONTENT_TYPE,
    'content-length': Buffer.byteLength(body),
    ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
  };
  return new Promise((resolve, reject) => {
    // A connection for each batch: one that idled may be gone, and then nobody knows whether the batch arrived.
    const request = send(url, { method: 'POST', headers, signal, agent: false });
    request.once('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

async function outcomeOf(answer: IncomingMessage): Promise<SendOutcome> {
  const status = answer.statusCode ?? 0;
  const says = await readSome(answer);
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const mayPass = status >= 500 || status === REQUEST_TIMEOUT || status === TOO_EARLY || status === TOO_MANY_REQUESTS;
  if (!mayPass) return { kind: 'refused', status, says };
  return { kind: 'retry', why: `it answered ${status}`, afterMs: retryAfterMs(answer.headers['retry-after']) };
}

/** To its end, as what ends too early is no answer; only its beginning is kept. */
async function readSome(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer as AsyncIterable<string>) {
    if (text.length < SAYS_LENGTH) text += chunk;
  }
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, SAYS_LENGTH);
}

/** Seconds; a date is as good as nothing, as it is by the receiver's clock. */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,6}$/.test(header)) return null;
  return Math.min(Number(header) * 1000, MAX_RETRY_AFTER_MS);
}

function describe(error: unknown, signal: AbortSignal): string {
  if (signal.aborted && signal.reason instanceof DozeError) return signal.reason.message;
  if (error instanceof Error && error.cause instanceof DozeError) return error.cause.message;
  const code = systemCode(error);
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`;
}
