import type { Server } from 'node:http';
import type { Socket } from 'node:net';

import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';

import { DozeError, systemCode } from '../../errors/index.ts';
import { PROBLEM_TYPE, VERSION_HEADER } from '../protocol.ts';
import { refusal } from './answer-errors.ts';
import { problemOf, sendProblem } from './problem.ts';

/** Far more than any request of the contract has. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_PARAMETER_LENGTH = 1000;
const MAX_HEADER_BYTES = 16 * 1024;
/** From a request's first byte to its headers' last, and to its own. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often slow requests are looked for. */
const CHECK_MS = 2_000;

export interface HttpTimeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly checkMs: number;
}

export const HTTP_TIMEOUTS: HttpTimeouts = {
  headersMs: HEADERS_TIMEOUT_MS,
  requestMs: REQUEST_TIMEOUT_MS,
  checkMs: CHECK_MS,
};

/**
 * What a request may take of the server before it is known whose it is; what is over it has a problem for an answer, as all
 * else that goes wrong.
 */
export function httpLimits(version: string, { headersMs, requestMs, checkMs }: HttpTimeouts) {
  return {
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestMs,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    http: {
      headersTimeout: headersMs,
      connectionsCheckingInterval: checkMs,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Node.js itself would refuse without a word; see `requireHost`.
      requireHostHeader: false,
    },
    frameworkErrors(error: Error & { statusCode?: number }, _request: FastifyRequest, reply: FastifyReply) {
      void reply.header(VERSION_HEADER, version);
      sendProblem(reply, refusal({ statusCode: error.statusCode ?? 400, message: error.message }));
    },
    clientErrorHandler: (thrown: Error, socket: Socket) => refuseConnection(thrown, socket, version),
  } satisfies FastifyHttpOptions<Server>;
}

/** @throws REQUEST_INVALID as HTTP/1.1 demands */
export function requireHost({ headers, raw }: FastifyRequest): void {
  if (headers.host !== undefined || raw.httpVersion !== '1.1') return;
  throw new DozeError('REQUEST_INVALID', 'a request of HTTP/1.1 needs a Host header');
}

/** Of a connection whose request could not even be read. */
export function refuseConnection(thrown: Error, socket: Socket, version: string): void {
  if (systemCode(thrown) === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(unreadable(thrown));
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `${VERSION_HEADER}: ${version}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function unreadable(thrown: Error): DozeError {
  switch (systemCode(thrown)) {
    case 'HPE_HEADER_OVERFLOW':
      return new DozeError('HEADERS_TOO_LARGE', `the headers take more than ${MAX_HEADER_BYTES / 1024} KiB`);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new DozeError('REQUEST_TIMED_OUT', 'the request did not come within its time');
    default:
      return new DozeError('REQUEST_INVALID', 'this is not a request of HTTP/1.1', { cause: thrown });
  }
}
