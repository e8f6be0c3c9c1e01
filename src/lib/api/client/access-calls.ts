import type { AuditView, NewToken, Self, TokenRequest, TokenView } from '../contract.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface AuditQuery {
  readonly project?: string;
  /** Id of a token. */
  readonly token?: string;
  /** Only what was refused or failed. */
  readonly failed?: boolean;
  /** Only entries with a higher sequence number. */
  readonly after?: number;
  readonly limit?: number;
}

/** Who may do what, and who did. */
export interface AccessCalls {
  /** What the own token may. */
  self(options?: CallOptions): Promise<Self>;
  readonly tokens: {
    list(query?: { readonly project?: string }, options?: CallOptions): Promise<TokenView[]>;
    create(request: TokenRequest, options?: CallOptions): Promise<NewToken>;
    revoke(id: string, options?: CallOptions): Promise<TokenView>;
  };
  audit(query?: AuditQuery, options?: CallOptions): Promise<AuditView[]>;
}

export function createAccessCalls(transport: Transport): AccessCalls {
  return {
    self: (call) => transport.get('/self', {}, call),
    tokens: {
      list: (query = {}, call) => transport.get('/tokens', { ...query }, call),
      create: (request, call) => transport.post('/tokens', request, call),
      revoke: (id, call) => transport.post(`/tokens/${encodeURIComponent(id)}/revoke`, {}, call),
    },
    audit: (query = {}, call) => transport.get('/audit', { ...query }, call),
  };
}
