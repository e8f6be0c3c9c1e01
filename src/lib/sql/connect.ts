import { createConnection, type Connection } from 'mysql2';

import { abortReason } from '../clock.ts';
import type { SqlAddress } from './address.ts';
import { wrapConnection, type SqlConnection } from './connection.ts';
import { toLoginError } from './sql-error.ts';

export interface ConnectOptions {
  /** Ends the attempt, and later whatever query is running, with its reason. */
  readonly signal: AbortSignal;
  /** For TCP and login together. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Default false: a text holds one statement. */
  readonly allowsManyStatements?: boolean;
}

/**
 * Opens one connection to a server and logs in.
 * @throws ACCESS_DENIED, BACKEND_LOST when nothing answers, SQL_FAILED for other refusals, the signal's reason
 */
export function connect(address: SqlAddress, options: ConnectOptions): Promise<SqlConnection> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const raw = open(address, options);
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
        resolve(wrapConnection(raw, address, signal));
        return;
      }
      raw.destroy();
      reject(toLoginError(error, address));
    });
  });
}

function open({ host, port, user, password, database }: SqlAddress, options: ConnectOptions): Connection {
  return createConnection({
    host,
    port,
    user,
    password,
    ...(database === undefined ? {} : { database }),
    connectTimeout: options.connectTimeoutMs ?? 10_000,
    multipleStatements: options.allowsManyStatements ?? false,
    charset: 'utf8mb4_unicode_ci',
    // What the server sent, to the digit: no time zones applied, no digits lost.
    dateStrings: true,
    supportBigNumbers: true,
  });
}
