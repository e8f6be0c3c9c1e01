import { DozeError, toDozeError, type ErrorCode } from '../../errors/index.ts';

/** An error on its way to another thread. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  /** As JSON: what was thrown elsewhere may hold what cannot be copied. */
  readonly details: string;
  readonly stack: string;
}

export function writeError(error: DozeError): ErrorData {
  const { code, message, hint, details, stack } = error;
  return { code, message, hint: hint ?? null, details: JSON.stringify(details), stack: stack ?? '' };
}

/** Its stack is the one of where it was thrown. */
export function readError({ code, message, hint, details, stack }: ErrorData): DozeError {
  const error = new DozeError(code, message, {
    ...(hint === null ? {} : { hint }),
    details: JSON.parse(details) as Record<string, unknown>,
  });
  error.stack = stack;
  return error;
}

/** For a log: what is no plain data is told as an error. */
export function plainFacts(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, fact instanceof Error ? writeError(toDozeError(fact)) : fact]),
  );
}
