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
