/** Whose storage tier it is: the HTTP surfaces differ. */
export const STORAGE_FLAVOURS = ['serverless-mariadb', 'neon'] as const;
export type StorageFlavour = (typeof STORAGE_FLAVOURS)[number];

/** A Page Server, or a group of Safekeeper replicas: what a compute is given the name of. */
export const STORAGE_KINDS = ['pageServer', 'safekeepers'] as const;
export type StorageKind = (typeof STORAGE_KINDS)[number];

/** A registered part of the storage tier, without its credential. */
export interface StorageService {
  readonly id: string;
  /** Unique in the home, of either kind. */
  readonly name: string;
  readonly kind: StorageKind;
  readonly flavour: StorageFlavour;
  /** Origins such as `https://ps-1:8080`: one for a Page Server, each replica's for a group. */
  readonly endpoints: readonly string[];
  /** For a Page Server: name of the group whose log it follows, or null. */
  readonly safekeepers: string | null;
  /** PEM of a private certificate authority that its certificates are checked with, or null for the system's. */
  readonly certificateAuthority: string | null;
  readonly hasCredential: boolean;
  /** How long one request may take. */
  readonly deadlineMs: number;
  /** Between two looks at one endpoint. */
  readonly intervalMs: number;
  /** Beyond which a replica, or a Page Server behind its group, is degraded; in LSN, which are bytes of log. */
  readonly lagLimit: number;
  readonly addedAtMs: number;
}

/** What is sent with requests that need it. Never shown, never logged. */
export type StorageCredential =
  | { readonly kind: 'apiKey'; readonly key: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string };

export const STORAGE_DEFAULTS = {
  deadlineMs: 2_000,
  intervalMs: 5_000,
  /** 16 MiB of log: one segment of either flavour. */
  lagLimit: 16 * 1024 ** 2,
} as const;

/** Replicas that must answer for a group of this size to accept log. */
export function quorumOf(replicas: number): number {
  return Math.floor(replicas / 2) + 1;
}

/** A name for an LSN of a Page Server, from which it can still be read later. */
export interface StorageSnapshot {
  readonly id: string;
  readonly lsn: number | null;
  /** As the service writes it. */
  readonly createdAt: string | null;
  readonly description: string;
}
