import { catalogue, DozeError, type ErrorCode } from '../../errors/index.ts';
import type { ErrorBody, Problem } from '../contract.ts';

/** The agent's error as it was thrown there: same code, hint and details. */
export function remoteError({ error }: ErrorBody): DozeError {
  return new DozeError(isKnown(error.code) ? error.code : 'INTERNAL', error.message, {
    ...(error.hint === null ? {} : { hint: error.hint }),
    details: isKnown(error.code) ? (error.details ?? {}) : { ...error.details, remoteCode: error.code },
  });
}

export function readRemoteError(text: string): DozeError {
  const body = parse(text);
  if (body !== null) return remoteError(body);
  return new DozeError('INTERNAL', 'the agent answered with an error that is not one of ours', {
    details: { body: text.slice(0, 500) },
  });
}

export function problemError(problem: Problem): DozeError {
  return remoteError(bodyOf(problem));
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}

function parse(text: string): ErrorBody | null {
  try {
    const problem = JSON.parse(text) as Partial<Problem> | null;
    return typeof problem?.code === 'string' ? bodyOf(problem as Problem) : null;
  } catch {
    return null;
  }
}

function bodyOf({ code, detail, hint, retryable, details }: Problem): ErrorBody {
  return { error: { code, message: detail, hint, retryable, ...(details === undefined ? {} : { details }) } };
}
