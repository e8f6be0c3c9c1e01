import type { Socket } from 'node:net';

import type { Connection, FieldPacket, QueryOptions } from 'mysql2';

import { abortReason } from '../clock.ts';
import type { SqlAddress } from './address.ts';
import { toSqlError } from './sql-error.ts';

export type SqlValue = string | number | boolean | null | Buffer;
export type Row = Readonly<Record<string, unknown>>;

/** What one statement gave: rows, or only a count. */
export interface ResultSet {
  /** Empty for a statement without rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** Null for a statement with rows. */
  readonly affectedRows: number | null;
}

export interface SqlConnection extends AsyncDisposable {
  /** The server's id of this connection, for KILL. */
  readonly id: number;
  /** Rows as objects by column name. `?` in the text stands for a value. */
  queryRows(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Every result of the text in order; several only if many statements are allowed or for a CALL. */
  run(sql: string): Promise<readonly ResultSet[]>;
  /** Says goodbye to the server; never throws, as nothing is lost with it. */
  close(): Promise<void>;
}

/** Every verb of the result @throws BACKEND_LOST, SQL_FAILED, the signal's reason */
export function wrapConnection(raw: Connection, address: SqlAddress, signal: AbortSignal): SqlConnection {
  const close = (): Promise<void> => endOf(raw);
  return {
    id: raw.threadId,
    queryRows: async (sql, values = []) => {
      const { rows } = await query(raw, { sql, values: [...values] }, address, signal);
      return Array.isArray(rows) ? (rows as Row[]) : [];
    },
    run: async (sql) => {
      const { rows, fields } = await query(raw, { sql, rowsAsArray: true }, address, signal);
      return toResultSets(rows, fields);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Answer {
  readonly rows: unknown;
  readonly fields: readonly unknown[] | undefined;
}

function query(raw: Connection, options: QueryOptions, address: SqlAddress, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const onAbort = (): void => {
      raw.destroy();
      reject(abortReason(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    raw.query(options, (error, rows: unknown, fields: unknown) => {
      signal.removeEventListener('abort', onAbort);
      if (error !== null) reject(toSqlError(error, address));
      else resolve({ rows, fields: Array.isArray(fields) ? fields : undefined });
    });
  });
}

/** mysql2 gives one result bare and several as arrays side by side: `fields` tells which. */
function toResultSets(rows: unknown, fields: readonly unknown[] | undefined): ResultSet[] {
  if (!Array.isArray(rows)) return [toResultSet(rows, undefined)];
  const isMany = (entry: unknown): boolean => entry === undefined || Array.isArray(entry);
  if (fields?.some(isMany) !== true) return [toResultSet(rows, fields)];
  return rows.map((part: unknown, index) => toResultSet(part, fields[index]));
}

function toResultSet(rows: unknown, fields: unknown): ResultSet {
  if (Array.isArray(rows) && Array.isArray(fields)) {
    return {
      columns: (fields as FieldPacket[]).map((field) => field.name),
      rows: rows as unknown[][],
      affectedRows: null,
    };
  }
  const header = rows as { affectedRows?: number } | undefined;
  return { columns: [], rows: [], affectedRows: header?.affectedRows ?? 0 };
}

/**
 * The goodbye and the end of our half of the socket; the server's half ends on its own, which a frozen
 * server does only later: nobody waits for it. Without the goodbye the server logs an aborted connection.
 */
function endOf(raw: Connection): Promise<void> {
  const { stream } = raw as unknown as { readonly stream: Socket };
  return new Promise((resolve) => {
    // mysql2 calls back just before it writes the goodbye.
    raw.end(() =>
      queueMicrotask(() => {
        stream.end();
        stream.unref();
        resolve();
      }),
    );
  });
}
