import type { Socket } from 'node:net';

import { createDeadline } from '../clock.ts';
import { formatDuration } from '../domain/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { writeErr, writePacket, type Err, type ResponseScanner, type ResponseTracker } from '../mysql/index.ts';
import type { Bar } from './authenticate.ts';

/** How long a client has to read its last packet and close. */
const LINGER_MS = 2_000;

/** An error as a client of the server knows them. */
function errOf(thrown: unknown): Err {
  const error = toDozeError(thrown);
  const { errno, sqlState } = error.code === 'SQL_FAILED' ? error.details : {};
  if (typeof errno === 'number' && typeof sqlState === 'string') return { errno, sqlState, message: error.message };
  return { ...error.entry.mysql, message: error.message };
}

/** @param reason a sentence for the client */
export function sessionClosed(reason: string): DozeError {
  return new DozeError('SESSION_CLOSED', reason);
}

/** MySQL's words, which frameworks look for to connect again, and then what is meant here. */
export function sessionIdle(compute: string, idleMs: number): DozeError {
  return new DozeError(
    'SESSION_IDLE',
    'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for ' +
      `configuring this behavior. (compute "${compute}" ends sessions that are idle for ${formatDuration(idleMs)})`,
  );
}

/** The server's own words, by which drivers and people know it. */
export function accessDenied(user: string, address: string, hasPassword: boolean): DozeError {
  return new DozeError(
    'ACCESS_DENIED',
    `Access denied for user '${user}'@'${address}' (using password: ${hasPassword ? 'YES' : 'NO'})`,
  );
}

/** For a password that was right. */
export function barred(bar: Bar, user: string, address: string): DozeError {
  if (bar === 'locked') return new DozeError('ACCOUNT_LOCKED', 'Access denied, this account is locked');
  const why =
    bar === 'tls'
      ? 'the account requires TLS; switch it on in the client'
      : 'the account requires a certificate of the client, which cannot go through doze; ALTER USER ... REQUIRE SSL ' +
        'instead of X509, ISSUER, SUBJECT or CIPHER';
  return new DozeError('ACCESS_DENIED', `${accessDenied(user, address, true).message}: ${why}`);
}

/** For a password that is right, of an account that can log in to the server over TLS only. */
export function serverWithoutTls(compute: string, user: string, address: string): DozeError {
  const restart = `doze compute suspend ${compute} --depth removed`;
  return new DozeError(
    'ACCESS_DENIED',
    `${accessDenied(user, address, true).message}: the account requires TLS, and the server of compute "${compute}" began ` +
      `without; it speaks TLS from its next start on: \`${restart}\`, and connect again`,
  );
}

/**
 * Sends a last error and closes. Goes on reading for a moment: closing with unread bytes would reset the connection,
 * and the reset can reach the client before it has read the error. What is read is the caller's to ignore.
 */
export function refuse(socket: Socket, thrown: unknown, sequence: number): void {
  if (socket.destroyed) return;
  socket.end(writePacket(writeErr(errOf(thrown)), sequence));
  const linger = createDeadline(LINGER_MS, () => new DozeError('TIMED_OUT', 'the client did not close'));
  linger.signal.addEventListener('abort', () => socket.destroy(), { once: true });
  socket.once('close', () => {
    linger[Symbol.dispose]();
  });
  socket.resume();
}

/** An error as the next packet of a session, if its client is at a point where it can read one. */
export function refuseAmid(
  socket: Socket,
  thrown: unknown,
  responses: ResponseScanner,
  tracker: ResponseTracker,
): void {
  if (!responses.isAtBoundary) socket.destroy();
  else refuse(socket, thrown, tracker.isAnswering ? (responses.sequence + 1) & 0xff : 1);
}
