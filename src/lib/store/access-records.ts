import type { AuditEntry, StoredAuditEntry, Token } from '../domain/index.ts';

/** Tokens of the API, each with SHA-256 of its secret: of 256 random bits nothing slower is needed. */
export interface TokenRecords {
  /** In place of what has that id; when and from where it was used last stays. */
  putToken(token: Token, hash: Uint8Array): void;
  /** Oldest first. */
  listTokens(): readonly StoredToken[];
  useToken(id: string, atMs: number, from: string): void;
  deleteToken(id: string): void;
}

export interface StoredToken {
  readonly token: Token;
  readonly hash: Uint8Array;
}

/** Who did what through the API. */
export interface AuditRecords {
  /** In one transaction. @returns the sequence number of the last */
  appendAudit(entries: readonly AuditEntry[]): number;
  /** @param outcome its target, if there is one, goes in place of the one before */
  finishAudit(seq: number, outcome: Pick<AuditEntry, 'status' | 'code'> & { readonly target: string | null }): void;
  /** Oldest first; with a limit the newest, unless `afterSeq` is given. */
  listAudit(filter: AuditFilter): readonly StoredAuditEntry[];
  /** Forgets what is older, and the oldest of what is more. */
  pruneAudit(keepSinceMs: number, maxEntries: number): void;
}

export interface AuditFilter {
  readonly project?: string;
  readonly tokenId?: string;
  /** Only what was refused or failed. */
  readonly isFailed?: boolean;
  readonly afterSeq?: number;
  readonly limit: number;
}
