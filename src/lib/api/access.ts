import type { AuditEntry, Token, TokenState } from '../domain/index.ts';

/** Who asks. Nobody but who came in by the Unix socket is local: it is for the owner of the home alone, and may do all. */
export type Caller =
  | { readonly kind: 'local'; readonly who: string }
  | { readonly kind: 'token'; readonly token: Token; readonly from: string };

/** What the API's server knows of tokens; every question is answered from memory. */
export interface TokenBook {
  /**
   * By the whole secret. One that is unknown takes the same way and time as one that is known.
   * @returns null when there is and was none with it
   */
  find(secret: string): { readonly token: Token; readonly state: TokenState } | null;
  /** On record once a minute at most. */
  noteUse(token: Token, from: string): void;
  isValid(id: string): boolean;
  /** It is called in the same step in which a token is revoked. */
  onRevoked(listener: (id: string) => void): void;
}

/** What is known of a request only at its end. */
export interface AuditOutcome extends Pick<AuditEntry, 'status' | 'code'> {
  /** In place of what the path says; null leaves that. */
  readonly target: string | null;
}

/** Where it is written down who did what. */
export interface AuditTrail {
  /**
   * Before the effect, so that what an agent did not live to finish is on record too.
   * @param isOptional whether it may be done although it cannot be written down; then null
   */
  begin(entry: AuditEntry, isOptional: boolean): number | null;
  finish(seq: number, outcome: AuditOutcome): void;
  /** Behind the answer, and those that are alike as one: a flood of them costs no more than a few. */
  refused(entry: AuditEntry): void;
}
