/** Who did what through the API, and what came of it. Never has a secret: no body, no query, no header. */
export interface AuditEntry {
  readonly atMs: number;
  /** `uid 1000` for whoever may open the socket of this machine; the name of a token; `stranger` without a valid one. */
  readonly who: string;
  readonly tokenId: string | null;
  /** `local`, or an IP address. */
  readonly from: string;
  readonly method: string;
  /** As it is registered: `/v1/computes/:project/:name/start`; `unknown` for one that there is not. */
  readonly route: string;
  /** What it was about, as the path has it: `shop/orders`; empty where there is nothing. */
  readonly target: string;
  /** Of what it was about, or else of the token; null is the host. */
  readonly project: string | null;
  /** HTTP status; null while it is under way, and for ever if the agent died meanwhile. */
  readonly status: number | null;
  /** Of the error; null when it went well. */
  readonly code: string | null;
  /** How many like it this entry stands for: refused ones of the same kind are counted, not written down one by one. */
  readonly count: number;
}

export interface StoredAuditEntry extends AuditEntry {
  readonly seq: number;
}
