import type { FastifyReply } from 'fastify';

import type { DozeError } from '../../errors/index.ts';
import type { ErrorBody, Problem } from '../contract.ts';
import { PROBLEM_TYPE } from '../protocol.ts';

export function problemOf(error: DozeError): Problem {
  const { code, message, hint, retryable, details } = errorBody(error).error;
  return {
    type: `urn:doze:error:${code}`,
    title: titleOf(code),
    status: error.entry.http,
    detail: message,
    code,
    hint,
    retryable,
    ...(details === undefined ? {} : { details }),
  };
}

/** For the last line of a stream, whose status is out already. */
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

/** `details.retryAfterSeconds` is also said as a header. */
export function sendProblem(reply: FastifyReply, error: DozeError): FastifyReply {
  const problem = problemOf(error);
  const retryAfter = error.details['retryAfterSeconds'];
  if (typeof retryAfter === 'number') void reply.header('retry-after', Math.max(1, Math.ceil(retryAfter)));
  // Bytes, as the framework would say a character set of a text, and this type has none.
  return reply
    .status(problem.status)
    .type(PROBLEM_TYPE)
    .send(Buffer.from(JSON.stringify(problem)));
}

/** `COMPUTE_NOT_FOUND`: `Compute not found`. */
function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
