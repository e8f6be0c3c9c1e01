import { catalogue, type CatalogueEntry, type ErrorCode } from './catalogue.ts';

export interface DozeErrorOptions {
  /** The next command to type, or the next thing to change. Falls back to the catalogue's hint. */
  readonly hint?: string;
  /** Facts for logs and `--json`: never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

const BRAND = Symbol.for('doze.error');

/**
 * The only error class of doze. `code` decides the exit code, the HTTP status and the MySQL errno
 * (see the catalogue); nothing ever looks at the message's text.
 */
export class DozeError extends Error {
  /** By a mark and not by the class, of which there are two in one process: the build bundles the CLI, not the agent. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  override readonly name = 'DozeError';
  readonly [BRAND] = true;
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

/** What the system says when nothing more can be written: no room, or none left of a user's share. */
const NO_SPACE = new Set<string | undefined>(['ENOSPC', 'EDQUOT']);

/** Makes a DozeError of anything that was thrown; what is neither ours nor a full disk becomes `INTERNAL`, cause kept. */
export function toDozeError(thrown: unknown, context?: string): DozeError {
  if (thrown instanceof DozeError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const code = NO_SPACE.has(systemCode(thrown)) ? 'DISK_FULL' : 'INTERNAL';
  return new DozeError(code, context === undefined ? text : `${context}: ${text}`, { cause: thrown });
}

export function hasCode(thrown: unknown, code: ErrorCode): thrown is DozeError {
  return thrown instanceof DozeError && thrown.code === code;
}

/** The `code` of a Node.js system error (`ENOENT`, `ECONNREFUSED`), or undefined. */
export function systemCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
