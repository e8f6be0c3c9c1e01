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
}

export interface AuthMethod {
  /** Plugin name, such as `mysql_native_password`, `ed25519`, `unix_socket`. */
  readonly plugin: string;
  /** The plugin's stored string. For mysql_native_password `*` and 40 hex digits, or empty for no password. */
  readonly authString: string;
}

export interface AccountSnapshot {
  readonly takenAtMs: number;
  readonly accounts: readonly Account[];
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
