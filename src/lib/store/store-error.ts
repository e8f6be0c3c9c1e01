import { DozeError, systemCode } from '../errors/index.ts';

// Primary result codes, https://sqlite.org/rescode.html
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;
/** Permission, read-only, I/O, cannot open: the file cannot be used, and not because of what is in it. */
const UNUSABLE = new Set([3, 8, 10, 14]);

/** Runs one call of the store; what SQLite or the file system throws comes out as an error of doze. */
export function asStoreErrors<Result>(path: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw toStoreError(path, error);
  }
}

function toStoreError(path: string, thrown: unknown): unknown {
  if (thrown instanceof DozeError) return thrown;
  if (thrown instanceof SyntaxError) return damaged(path, thrown.message, thrown);
  const cause = thrown instanceof Error ? thrown.message : String(thrown);
  const code = primaryCode(thrown);
  if (code === CORRUPT || code === NOT_A_DATABASE) return damaged(path, cause, thrown);
  if (code === BUSY || code === LOCKED) return busy(path, thrown);
  if (code === FULL || systemCode(thrown) === 'ENOSPC') return full(path, thrown);
  if ((code !== null && UNUSABLE.has(code)) || isFileError(thrown)) return unusable(path, cause, thrown);
  return thrown;
}

/** SQLite's primary result code; null when it is not SQLite that failed. */
export function primaryCode(thrown: unknown): number | null {
  if (typeof thrown !== 'object' || thrown === null || !('errcode' in thrown)) return null;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : null;
}

export function damaged(path: string, finding: string, cause?: unknown): DozeError {
  return new DozeError('STORE_DAMAGED', `the state in ${path} is damaged: ${finding}`, {
    hint: `the file was left alone; put a backup in its place, or start empty: mv ${path} ${path}.damaged`,
    details: { path, finding },
    cause,
  });
}

export function newer(path: string, found: number, known: number): DozeError {
  return new DozeError(
    'STORE_NEWER',
    `the state in ${path} was written by a newer doze: it has version ${found}, this doze knows versions up to ${known}`,
    {
      hint: `install that newer doze again, or use another home: DOZE_HOME=DIRECTORY doze agent start`,
      details: { path, found, known },
    },
  );
}

function busy(path: string, cause: unknown): DozeError {
  return new DozeError('STORE_BUSY', `the state in ${path} is locked by another process`, { details: { path }, cause });
}

function full(path: string, cause: unknown): DozeError {
  return new DozeError('DISK_FULL', `the disk is full: nothing can be written to ${path}`, {
    hint: 'free some space, then try again; nothing that was written before is lost',
    details: { path },
    cause,
  });
}

function unusable(path: string, reason: string, cause: unknown): DozeError {
  return new DozeError('STORE_UNUSABLE', `the state in ${path} cannot be used: ${reason}`, {
    hint: `check who owns the file and its directory: ls -la ${path}`,
    details: { path },
    cause,
  });
}

function isFileError(thrown: unknown): boolean {
  return thrown instanceof Error && 'syscall' in thrown;
}
