/** Capability flags of the handshake. https://mariadb.com/kb/en/connection/#capabilities */
export const Capability = {
  /** MySQL's CLIENT_LONG_PASSWORD. MariaDB servers leave it out to say that extended capabilities follow. */
  MYSQL: 0x1,
  FOUND_ROWS: 0x2,
  LONG_FLAG: 0x4,
  CONNECT_WITH_DB: 0x8,
  COMPRESS: 0x20,
  LOCAL_FILES: 0x80,
  PROTOCOL_41: 0x200,
  SSL: 0x800,
  TRANSACTIONS: 0x2000,
  SECURE_CONNECTION: 0x8000,
  MULTI_STATEMENTS: 0x1_0000,
  MULTI_RESULTS: 0x2_0000,
  PS_MULTI_RESULTS: 0x4_0000,
  PLUGIN_AUTH: 0x8_0000,
  CONNECT_ATTRS: 0x10_0000,
  PLUGIN_AUTH_LENENC: 0x20_0000,
  SESSION_TRACK: 0x80_0000,
  DEPRECATE_EOF: 0x100_0000,
  OPTIONAL_METADATA: 0x200_0000,
  ZSTD: 0x400_0000,
  QUERY_ATTRIBUTES: 0x800_0000,
  SSL_VERIFY: 0x4000_0000,
} as const;

/** MariaDB's own, in four bytes that MySQL keeps as filler. */
export const ExtendedCapability = {
  PROGRESS: 0x1,
  STMT_BULK: 0x4,
  EXTENDED_METADATA: 0x8,
  CACHE_METADATA: 0x10,
  /** A result for each row of a bulk execute, to who asks for it: 11.8 offers it, 10.11 does not. */
  BULK_UNIT_RESULTS: 0x20,
} as const;

export interface Capabilities {
  /** The 32 flags that MySQL knows too, unsigned. */
  readonly base: number;
  /** MariaDB's extended flags, unsigned; 0 when MYSQL is set. */
  readonly extended: number;
}

/** As MariaDB 10.11.19 offers them (measured), without SSL, compression and remembered columns. */
export const DEFAULT_CAPABILITIES: Capabilities = { base: 0x81ff_f7de, extended: 0x0d };

/** MySQL's last two change how commands and results begin, and are not followed. */
const NEVER_OFFERED =
  Capability.SSL |
  Capability.COMPRESS |
  Capability.ZSTD |
  Capability.SSL_VERIFY |
  Capability.OPTIONAL_METADATA |
  Capability.QUERY_ATTRIBUTES;

/**
 * What a gateway may offer in front of a server with these: what it would have to decode itself is left out. So is the
 * memory of columns: a client would go on with those of a statement that was prepared again on another server since.
 */
export function withoutTransforms({ base, extended }: Capabilities): Capabilities {
  return { base: (base & ~NEVER_OFFERED) >>> 0, extended: (extended & ~ExtendedCapability.CACHE_METADATA) >>> 0 };
}

/** What a gateway offers that ends TLS itself. */
export function withTls({ base, extended }: Capabilities): Capabilities {
  return { base: (base | Capability.SSL) >>> 0, extended };
}

/** What both sides have. */
export function negotiate(offered: Capabilities, asked: Capabilities): Capabilities {
  return { base: (offered.base & asked.base) >>> 0, extended: (offered.extended & asked.extended) >>> 0 };
}

export function has(capabilities: Capabilities, flag: number): boolean {
  return (capabilities.base & flag) !== 0;
}

export function hasExtended(capabilities: Capabilities, flag: number): boolean {
  return (capabilities.extended & flag) !== 0;
}
