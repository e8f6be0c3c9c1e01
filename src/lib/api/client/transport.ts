import type { IncomingMessage } from 'node:http';

import { abortReason, createDeadline, type Deadline } from '../../clock.ts';
import { formatDuration } from '../../domain/index.ts';
import { DozeError, systemCode, toDozeError } from '../../errors/index.ts';
import type { OperationView } from '../contract.ts';
import { API_PREFIX, VERSION_HEADER } from '../protocol.ts';
import type { Link, RemoteParts } from './link.ts';
import { withReconnects } from './reconnect.ts';
import { monitorOf, rejoin } from './rejoin.ts';
import { readRemoteError } from './remote-error.ts';
import { linesOf, readResult, readText, type OnProgress } from './stream.ts';

/** Not imported by name: that would read every export, WebSocket's among them, and load a whole web client for it. */
const { request: httpRequest } = process.getBuiltinModule('node:http');

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Default 30 s; 15 min for operations that stream their progress. */
  readonly timeoutMs?: number;
  /** Also talk to an agent of another version. */
  readonly anyVersion?: boolean;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Requests to an agent, each within its deadline, each failure one of our own errors. */
export interface Transport {
  /** Null for the agent of this machine. */
  readonly remote: RemoteParts | null;
  get<Answer>(path: string, query: Query, call?: CallOptions): Promise<Answer>;
  text(path: string, call?: CallOptions): Promise<string>;
  post<Answer>(path: string, body: object, call?: CallOptions): Promise<Answer>;
  stream<Result>(path: string, body: object, onProgress?: OnProgress, call?: CallOptions): Promise<Result>;
  lines(path: string, query: Query, isEndless: boolean, call?: CallOptions): AsyncIterable<string>;
  close(): void;
}

export interface TransportOptions {
  readonly link: Link;
  readonly version: string;
}

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly timeoutMs: number;
  readonly call: CallOptions;
}

const ANSWER_TIMEOUT_MS = 30_000;
const OPERATION_TIMEOUT_MS = 15 * 60_000;
/** The longest a timer takes: 24 days. */
const ENDLESS_MS = 2 ** 31 - 1;

export function createTransport(options: TransportOptions): Transport {
  const { link } = options;

  async function open(exchange: Exchange, signal: AbortSignal): Promise<IncomingMessage> {
    const answer = await send(exchange, signal, options);
    if (exchange.call.anyVersion !== true) checkVersion(answer, options);
    if ((answer.statusCode ?? 0) >= 400) throw readRemoteError(await readText(answer));
    return answer;
  }

  /** @param resume goes on with what the agent has begun, where that can be; only for another machine */
  async function ask<T>(
    exchange: Exchange,
    read: (answer: IncomingMessage) => Promise<T>,
    resume: (signal: AbortSignal) => Promise<T> | null = () => null,
  ): Promise<T> {
    using deadline = deadlineOf(exchange);
    const { signal } = deadline;
    let isAnswered = false;
    const attempt = async (): Promise<T> => {
      try {
        const answer = await open(exchange, signal);
        isAnswered = true;
        return await read(answer);
      } catch (thrown) {
        throw explain(thrown, signal, link);
      }
    };
    if (link.remote === null) return await attempt();
    return await withReconnects(attempt, {
      remote: link.remote,
      isRepeatable: exchange.method === 'GET',
      hasBegun: () => isAnswered,
      resume: () => resume(signal),
      why: () => open({ ...exchange, method: 'GET', path: '/self' }, signal),
      signal,
    });
  }

  async function* readLines(exchange: Exchange): AsyncGenerator<string> {
    using deadline = deadlineOf(exchange);
    try {
      yield* linesOf(await open(exchange, deadline.signal));
    } catch (thrown) {
      throw explain(thrown, deadline.signal, link);
    }
  }

  return {
    remote: link.remote,
    get: <Answer>(path: string, query: Query, call: CallOptions = {}) =>
      ask({ method: 'GET', path: path + writeQuery(query), timeoutMs: ANSWER_TIMEOUT_MS, call }, readJson<Answer>),
    text: (path, call = {}) => ask({ method: 'GET', path, timeoutMs: ANSWER_TIMEOUT_MS, call }, readText),
    post: <Answer>(path: string, body: object, call: CallOptions = {}) =>
      ask({ method: 'POST', path, body, timeoutMs: ANSWER_TIMEOUT_MS, call }, readJson<Answer>),
    stream: <Result>(path: string, body: object, onProgress: OnProgress = () => undefined, call: CallOptions = {}) => {
      let monitor: string | null = null;
      let saidMs = -1;
      const note: OnProgress = (message, elapsedMs) => {
        saidMs = elapsedMs;
        onProgress(message, elapsedMs);
      };
      const look = (signal: AbortSignal) => (place: string) =>
        ask({ method: 'GET', path: place, timeoutMs: ANSWER_TIMEOUT_MS, call: { signal } }, readJson<OperationView>);
      return ask<Result>(
        { method: 'POST', path, body, timeoutMs: OPERATION_TIMEOUT_MS, call },
        (answer) => {
          monitor = monitorOf(answer.headers['link']);
          return readResult(answer, note);
        },
        (signal) => (monitor === null ? null : rejoin(look(signal), monitor, { onProgress, saidMs })),
      );
    },
    lines: (path, query, isEndless, call = {}) => {
      const timeoutMs = isEndless ? ENDLESS_MS : ANSWER_TIMEOUT_MS;
      return readLines({ method: 'GET', path: path + writeQuery(query), timeoutMs, call });
    },
    close: () => link.agent.destroy(),
  };
}

function deadlineOf({ method, path, timeoutMs, call }: Exchange): Deadline {
  const ms = call.timeoutMs ?? timeoutMs;
  const error = (): DozeError =>
    new DozeError('TIMED_OUT', `the agent did not finish ${method} ${path} within ${formatDuration(ms)}`, {
      hint: method === 'POST' ? 'doze compute list (what was asked for goes on in the agent)' : 'doze agent status',
    });
  return createDeadline(ms, error, call.signal);
}

function send(exchange: Exchange, signal: AbortSignal, { link, version }: TransportOptions): Promise<IncomingMessage> {
  const body = exchange.body === undefined ? undefined : Buffer.from(JSON.stringify(exchange.body));
  const bodyHeaders = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const requestOptions = {
      ...link.options,
      path: API_PREFIX + exchange.path,
      method: exchange.method,
      agent: link.agent,
      // Else Node works one out for TLS, and compiles its pattern of IPv6 addresses for it: 6 ms of every command.
      servername: '',
      signal,
      headers: { [VERSION_HEADER]: version, ...link.headers, ...bodyHeaders },
    };
    const request = httpRequest(requestOptions);
    request.once('response', resolve);
    request.once('error', reject);
    request.end(body);
  });
}

function checkVersion(answer: IncomingMessage, { version: ours, link }: TransportOptions): void {
  const theirs = answer.headers[VERSION_HEADER];
  if (theirs === ours) return;
  // On another machine a patch more or less changes nothing of what is said.
  if (link.remote !== null && typeof theirs === 'string' && lineOf(theirs) === lineOf(ours)) return;
  answer.destroy();
  const running = typeof theirs === 'string' ? theirs : 'of an unknown version';
  throw new DozeError('AGENT_VERSION_MISMATCH', `the agent is doze ${running}, this command is doze ${ours}`, {
    hint:
      link.remote === null
        ? 'doze agent stop, then the same command again (computes go on running)'
        : `install doze ${running} here, or ${ours} on the machine of the agent`,
    details: { agentVersion: running, clientVersion: ours },
  });
}

/** `1.4` of `1.4.2`. */
function lineOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

async function readJson<Answer>(answer: IncomingMessage): Promise<Answer> {
  return JSON.parse(await readText(answer)) as Answer;
}

/** What the caller sees: our own errors as they are, the deadline's, or that nobody answers. */
function explain(thrown: unknown, signal: AbortSignal, link: Link): DozeError {
  if (thrown instanceof DozeError) return thrown;
  if (signal.aborted) return toDozeError(abortReason(signal));
  const reason = systemCode(thrown);
  if (reason === undefined) return toDozeError(thrown, 'the answer of the agent could not be read');
  return link.unreachable(reason, thrown);
}

function writeQuery(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
