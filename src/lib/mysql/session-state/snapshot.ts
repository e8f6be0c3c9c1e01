import type { PinReason } from './pin-reason.ts';

/**
 * One statement on the session's own connection, as COM_QUERY. Rejects with the server's error. Values as the server
 * sent them, null for NULL.
 */
export type SessionQuery = (sql: string) => Promise<readonly (readonly (Buffer | null)[])[]>;

/** What a session is on its server, in plain data. Numbers are decimal text, as the server wrote them. */
export interface SessionSnapshot {
  readonly database: string | null;
  readonly role: string | null;
  readonly charsets: SessionCharsets;
  /** Those that a new connection would not have by itself. */
  readonly variables: readonly SessionVariable[];
  readonly userVariables: readonly UserVariable[];
  readonly lastInsertId: string;
  /** `SET insert_id`, for the next INSERT; `0` without. */
  readonly insertId: string;
  /** `SET timestamp`: null for a clock that runs. */
  readonly fixedTimestamp: string | null;
  readonly randomSeeds: readonly [string, string];
  /** What `CONNECTION_ID()` says. */
  readonly connectionId: string;
  readonly diagnostics: Diagnostics;
  /** Prepared in the binary protocol and not closed again. */
  readonly preparedStatements: number;
}

/** What a client may still ask for of the statements before. */
export type Left = Pick<SessionSnapshot, 'diagnostics' | 'charsets'>;

export interface SessionCharsets {
  readonly client: string;
  readonly results: string | null;
  readonly connectionCollation: string;
  readonly databaseCollation: string;
}

export interface SessionVariable {
  readonly name: string;
  readonly value: string | null;
  readonly isNumber: boolean;
}

export interface UserVariable {
  readonly name: string;
  readonly type: UserVariableType;
  /** Text of a number; of a string its bytes in hexadecimal. */
  readonly value: string | null;
  /** Of a string. */
  readonly charset: string;
  readonly collation: string;
}

export type UserVariableType = 'INT' | 'INT UNSIGNED' | 'DECIMAL' | 'DOUBLE' | 'VARCHAR';

/** What the statement before the snapshot left, and the snapshot destroyed. */
export interface Diagnostics {
  readonly warningCount: string;
  readonly errorCount: string;
  readonly rowCount: string;
  readonly foundRows: string;
  /** As SHOW WARNINGS had them. */
  readonly warnings: readonly Warning[];
}

export interface Warning {
  readonly level: string;
  readonly code: string;
  /** UTF-8 in hexadecimal. */
  readonly message: string;
}

export type SnapshotOutcome =
  | { readonly kind: 'carried'; readonly snapshot: SessionSnapshot }
  /** What the statement before left was destroyed all the same; null where it could not be read. */
  | { readonly kind: 'pinned'; readonly reason: PinReason; readonly left: Left | null };
