/** The private account of each server, which the gateway never lets in. */
export const AGENT_USER = 'doze_agent';

/**
 * A server account as it stood when the snapshot was taken. Host patterns are MariaDB's:
 * `%`, `10.0.%`, `localhost`, `10.0.0.0/255.0.0.0`.
 */
export interface Account {
  readonly user: string;
  readonly host: string;
  /** The ways this account may log in, in the server's order. */
  readonly methods: readonly AuthMethod[];
  readonly isLocked: boolean;
  readonly isPasswordExpired: boolean;
  /** Whether the account demands TLS (REQUIRE SSL, X509 ...). */
  readonly requiresTls: boolean;
  /** Whether that is with a certificate of the client's, or something certain about it (REQUIRE X509, ISSUER, SUBJECT, CIPHER). */
  readonly requiresCertificate: boolean;
  /** Connections that it may have at once (MAX_USER_CONNECTIONS); 0 is no limit of its own, below 0 it may have none. */
  readonly maxConnections: number;
  /** Whether the limit that is set for each is none for it (CONNECTION ADMIN); its own is. */
  readonly passesLimits: boolean;
}

/** By which an account is told from all others of its server. */
export type AccountName = Pick<Account, 'user' | 'host'>;

export interface AuthMethod {
  /** Plugin name, such as `mysql_native_password`, `ed25519`, `unix_socket`. */
  readonly plugin: string;
  /** The plugin's stored string. For mysql_native_password `*` and 40 hex digits, or empty for no password. */
  readonly authString: string;
}

export interface AccountSnapshot {
  readonly takenAtMs: number;
  readonly accounts: readonly Account[];
  /** For each account without a limit of its own (`max_user_connections`), as that; left out is 0. */
  readonly maxConnectionsEach?: number;
}

/** More connections of this account than it may have. */
export interface ExceededLimit {
  readonly limit: number;
  /** Whether it is the account's own, or that of all. */
  readonly isOwn: boolean;
}

/**
 * Whether one more would be too many, as the server counts: by account, with the limit of all looked at first where the account
 * has none of its own.
 * @param connections that it has already
 */
export function exceededLimit(
  { accounts, maxConnectionsEach = 0 }: AccountSnapshot,
  { user, host }: AccountName,
  connections: number,
): ExceededLimit | null {
  const account = accounts.find((known) => known.user === user && known.host === host);
  if (account === undefined) return null;
  const isOwn = account.maxConnections !== 0;
  if (!isOwn && account.passesLimits) return null;
  const limit = isOwn ? account.maxConnections : maxConnectionsEach;
  return limit !== 0 && connections >= limit ? { limit, isOwn } : null;
}

/** Sends the password as it is to a server that it speaks TLS with, and encrypted by the server's key to any other. */
const ASKS_BY_TRANSPORT: ReadonlySet<string> = new Set(['caching_sha2_password', 'sha256_password']);

/** Whether some account can log in over TLS only, or otherwise than without it: then its server has to speak TLS as its clients do. */
export function needsServerTls({ accounts }: AccountSnapshot): boolean {
  return accounts.some(
    ({ requiresTls, requiresCertificate, methods }) =>
      (requiresTls && !requiresCertificate) || methods.some(({ plugin }) => ASKS_BY_TRANSPORT.has(plugin)),
  );
}
