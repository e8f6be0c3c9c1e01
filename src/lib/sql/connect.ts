import type { Socket } from 'node:net';

import { createConnection, type Connection } from 'mysql2';

import { abortReason, createDeadline } from '../clock.ts';
import { DozeError } from '../errors/index.ts';
import { whereOf, type SqlAddress } from './address.ts';
import { wrapConnection, type SqlConnection } from './connection.ts';
import { openSocket } from './open-socket.ts';
import { toLoginError } from './sql-error.ts';

export interface ConnectOptions {
  /** Ends the attempt, and later whatever query is running, with its reason. */
  readonly signal: AbortSignal;
  /** For TCP and login together. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** By TLS, and to nobody but who has this certificate (PEM), or, with null, one of that name which authorities vouch for. */
  readonly tls?: { readonly authority: string | null };
  /** Default false: a text holds one statement. */
  readonly allowsManyStatements?: boolean;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens one connection to a server and logs in.
 * @throws ACCESS_DENIED, BACKEND_LOST when nothing answers, SQL_FAILED for other refusals, the signal's reason
 */
export async function connect(address: SqlAddress, options: ConnectOptions): Promise<SqlConnection> {
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  const silence = (): DozeError =>
    new DozeError(
      'BACKEND_LOST',
      `no answer from the server at ${whereOf(address)} within ${connectTimeoutMs / 1000} s`,
    );
  using deadline = createDeadline(connectTimeoutMs, silence, options.signal);
  const socket = await openSocket(address, deadline.signal);
  const raw = await logIn(socket, address, options, deadline.signal);
  return wrapConnection(raw, address, options.signal);
}

function logIn(socket: Socket, address: SqlAddress, options: ConnectOptions, signal: AbortSignal): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const raw = open(socket, address, options);
    // What breaks between two queries is told by the next query; without a listener it would end the process.
    raw.on('error', () => undefined);
    const onAbort = (): void => {
      raw.destroy();
      reject(abortReason(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    raw.connect((error) => {
      signal.removeEventListener('abort', onAbort);
      if (error === null) {
        resolve(raw);
        return;
      }
      raw.destroy();
      reject(toLoginError(error, address));
    });
  });
}

function open(stream: Socket, { host, user, password, database }: SqlAddress, options: ConnectOptions): Connection {
  return createConnection({
    stream,
    ...(options.tls === undefined ? {} : { host, ssl: tlsOf(options.tls) }),
    user,
    password,
    ...(database === undefined ? {} : { database }),
    // The caller's deadline counts.
    connectTimeout: 0,
    // No statement is prepared here, and room for the default of 16,000 is most of a connection's cost.
    maxPreparedStatements: 1,
    multipleStatements: options.allowsManyStatements ?? false,
    charset: 'utf8mb4_unicode_ci',
    // What the server sent, to the digit: no time zones applied, no digits lost.
    dateStrings: true,
    supportBigNumbers: true,
  });
}

function tlsOf({ authority }: NonNullable<ConnectOptions['tls']>) {
  const common = { minVersion: 'TLSv1.2', rejectUnauthorized: true };
  return authority === null ? { ...common, verifyIdentity: true } : { ...common, ca: authority, verifyIdentity: false };
}
