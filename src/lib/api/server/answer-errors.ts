import type { FastifyInstance } from 'fastify';

import { DozeError, toDozeError } from '../../errors/index.ts';
import type { Logger } from '../../logger.ts';
import type { ErrorBody } from '../contract.ts';
import { noteError } from './access/audit-requests.ts';
import { withoutSecrets } from './access/without-secrets.ts';

/** Everything that a route throws, or the framework on its behalf, becomes an `ErrorBody` with the catalogue's status. */
export function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setNotFoundHandler((request) => {
    throw new DozeError('ROUTE_NOT_FOUND', `the agent has no ${request.method} ${withoutSecrets(request.url)}`, {
      hint: 'doze agent status (is it the same version?)',
    });
  });
  server.setErrorHandler((thrown, request, reply) => {
    const error = isFrameworkRefusal(thrown) ? malformed(thrown) : toDozeError(thrown);
    logError(logger, error, `${request.method} ${withoutSecrets(request.url)}`);
    noteError(request, error);
    const { retryAfterSeconds } = error.details;
    if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', retryAfterSeconds);
    return reply.status(error.entry.http).type('application/json').send(errorBody(error));
  });
}

export function errorBody(error: DozeError): ErrorBody {
  const { code, message, hint, details, entry } = error;
  return {
    error: {
      code,
      message,
      hint: hint ?? null,
      retryable: entry.retryable,
      ...(Object.keys(details).length === 0 ? {} : { details }),
    },
  };
}

const LEVELS = { bug: 'error', environment: 'warn', user: 'debug' } as const;

/** The louder, the more it is ours to mend. */
export function logError(logger: Logger, error: DozeError, request: string): void {
  logger[LEVELS[error.entry.kind]]({ err: error, request }, 'request failed');
}

interface Refusal {
  readonly statusCode: number;
  readonly message: string;
}

/** The framework refuses bodies that are too large, not JSON, or of another type with a status below 500. */
function isFrameworkRefusal(thrown: unknown): thrown is Refusal {
  if (thrown instanceof DozeError || !(thrown instanceof Error) || !('statusCode' in thrown)) return false;
  return typeof thrown.statusCode === 'number' && thrown.statusCode < 500;
}

function malformed(refusal: Refusal): DozeError {
  return new DozeError('REQUEST_INVALID', `the request cannot be read: ${refusal.message}`, { cause: refusal });
}
