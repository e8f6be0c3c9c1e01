import { catalogue, type CatalogueEntry, type ErrorCode } from './catalogue.ts';

export interface DozeErrorOptions {
  /** The next command to type, or the next thing to change. Falls back to the catalogue's hint. */
  readonly hint?: string;
  /** Facts for logs and `--json`: never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The only error class of doze. `code` decides the exit code, the HTTP status and the MySQL errno
 * (see the catalogue); nothing ever looks at the message's text.
 */
export class DozeError extends Error {
  override readonly name = 'DozeError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: DozeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? catalogue[code].hint;
    this.details = options.details ?? {};
  }

  get entry(): CatalogueEntry {
    return catalogue[this.code];
  }
}

/** Makes a DozeError of anything that was thrown; what is not ours becomes `INTERNAL`, cause kept. */
export function toDozeError(thrown: unknown, context?: string): DozeError {
  if (thrown instanceof DozeError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new DozeError('INTERNAL', context === undefined ? text : `${context}: ${text}`, { cause: thrown });
}

export function hasCode(thrown: unknown, code: ErrorCode): thrown is DozeError {
  return thrown instanceof DozeError && thrown.code === code;
}

/** The `code` of a Node.js system error (`ENOENT`, `ECONNREFUSED`), or undefined. */
export function systemCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
