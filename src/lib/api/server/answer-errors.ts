import type { FastifyInstance, FastifyRequest } from 'fastify';

import { DozeError, toDozeError, type ErrorCode } from '../../errors/index.ts';
import type { Logger } from '../../logger.ts';
import { noteError } from './access/audit-requests.ts';
import { withoutSecrets } from './access/without-secrets.ts';
import { allowedMethods } from './allowed-methods.ts';
import { sendProblem } from './problem.ts';

/** Everything that a route throws, or the framework on its behalf, becomes a problem with the catalogue's status. */
export function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods(request.url);
    if (allowed.length === 0) throw notFound(request);
    void reply.header('allow', allowed.join(', '));
    throw notAllowed(request, allowed);
  });
  server.setErrorHandler((thrown, request, reply) => {
    const error = isFrameworkRefusal(thrown) ? refusal(thrown) : toDozeError(thrown);
    logError(logger, error, `${request.method} ${withoutSecrets(request.url)}`);
    noteError(request, error);
    return sendProblem(reply, error);
  });
}

const LEVELS = { bug: 'error', environment: 'warn', user: 'debug' } as const;

/** The louder, the more it is ours to mend. */
export function logError(logger: Logger, error: DozeError, request: string): void {
  logger[LEVELS[error.entry.kind]]({ err: error, request }, 'request failed');
}

function notFound({ method, url }: FastifyRequest): DozeError {
  return new DozeError('ROUTE_NOT_FOUND', `the agent has no ${method} ${excerpt(url)}`, {
    hint: 'doze agent status (is it the same version?)',
  });
}

function notAllowed({ method, url }: FastifyRequest, allowed: readonly string[]): DozeError {
  return new DozeError('METHOD_NOT_ALLOWED', `${method} is not possible at ${excerpt(url)}`, { details: { allowed } });
}

interface Refusal {
  readonly statusCode: number;
  readonly code?: string;
  readonly message: string;
}

/** The framework refuses bodies that are too large, not JSON, or of another type with a status below 500. */
function isFrameworkRefusal(thrown: unknown): thrown is Refusal {
  if (thrown instanceof DozeError || !(thrown instanceof Error) || !('statusCode' in thrown)) return false;
  return typeof thrown.statusCode === 'number' && thrown.statusCode < 500;
}

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  413: 'BODY_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'MEDIA_TYPE_UNSUPPORTED',
};

/** What the framework did not take, as one of our own errors. */
export function refusal(thrown: Refusal): DozeError {
  const code = BY_STATUS[thrown.statusCode] ?? 'REQUEST_INVALID';
  return new DozeError(code, `the request cannot be read: ${excerpt(thrown.message)}`, { cause: thrown });
}

const MAX_ECHO = 200;

/** As much of what a caller sent as an error says again. */
function excerpt(text: string): string {
  return text.length <= MAX_ECHO ? text : `${text.slice(0, MAX_ECHO)}...`;
}
