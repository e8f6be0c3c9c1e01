import { suggest } from '../domain/index.ts';
import { catalogue, DozeError, toDozeError, type ErrorCode } from '../errors/index.ts';
import type { ErrorBody } from '../api/contract.ts';

/** An error as the command line shows it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly exit: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Whatever was thrown, as what is shown; what oclif throws is a mistake in what was typed. */
export function toFailure(thrown: unknown, commandId: string | null = null): Failure {
  const error = isOclifError(thrown) ? toUsageError(thrown, commandId) : toDozeError(thrown);
  const { exit, retryable } = catalogue[error.code];
  return {
    code: error.code,
    message: error.message,
    hint: error.hint ?? null,
    retryable,
    exit,
    details: error.details,
  };
}

export function toErrorBody(failure: Failure): ErrorBody {
  const { code, message, hint, retryable, details } = failure;
  return { error: { code, message, hint, retryable, ...(Object.keys(details).length === 0 ? {} : { details }) } };
}

/** What `@oclif/core` throws: its parser's errors say with fields of their own what is wrong. */
interface OclifError extends Error {
  readonly oclif: object;
  readonly flags?: readonly string[];
  readonly args?: readonly (string | { readonly name: string })[];
  readonly parse?: { readonly input?: { readonly flags?: Readonly<Record<string, unknown>> } };
}

function isOclifError(thrown: unknown): thrown is OclifError {
  return thrown instanceof Error && !(thrown instanceof DozeError) && 'oclif' in thrown;
}

function toUsageError(error: OclifError, commandId: string | null): DozeError {
  const command = commandId === null ? 'doze' : `doze ${commandId.replaceAll(':', ' ')}`;
  const help = `${command} --help`;
  const usage = (message: string, hint = help, code: ErrorCode = 'USAGE'): DozeError =>
    new DozeError(code, message, { hint, cause: error });
  if (error.flags !== undefined) {
    const unknown = error.flags[0] ?? '';
    const near = suggest(unknown.replace(/^-+/, ''), Object.keys(error.parse?.input?.flags ?? {}));
    const meant = near === null || !unknown.startsWith('--') ? '' : `; did you mean --${near}?`;
    return usage(`\`${command}\` has no flag ${unknown}${meant}`);
  }
  if (error.args !== undefined) {
    const names = error.args.map((arg) => (typeof arg === 'string' ? `"${arg}"` : arg.name.toUpperCase()));
    const isMissing = error.args.some((arg) => typeof arg !== 'string');
    return usage(
      isMissing ? `\`${command}\` needs ${names.join(' and ')}` : `\`${command}\` does not take ${names.join(', ')}`,
    );
  }
  return usage(firstParagraph(error.message));
}

/** oclif ends its texts with "See more help with --help"; the hint says that better. */
function firstParagraph(text: string): string {
  return text.split('\n')[0] ?? text;
}
