import { z } from 'zod';

import { ROLES } from '../../domain/index.ts';
import { isoTimeSchema } from './iso-time.ts';

/** Tokens of the API, and who did what with them. */

const roleSchema = z.enum(ROLES);

export const tokenViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  /** The only one that it sees; null is the whole host. */
  project: z.string().nullable(),
  state: z.enum(['valid', 'expired', 'revoked']),
  createdAt: isoTimeSchema,
  createdBy: z.string(),
  /** Null is never. */
  expiresAt: isoTimeSchema.nullable(),
  revokedAt: isoTimeSchema.nullable(),
  /** To the minute. */
  lastUsedAt: isoTimeSchema.nullable(),
  lastUsedFrom: z.string().nullable(),
});
export type TokenView = z.infer<typeof tokenViewSchema>;

export const tokenRequestSchema = z
  .object({
    name: z.string(),
    role: roleSchema,
    /** Null is the whole host. */
    project: z.string().nullable(),
    /** Null is never; 90 days if left out. */
    expiresInSeconds: z.number().int().min(60).max(315_360_000).nullable().optional(),
  })
  .strict();
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

/** With its secret, which is nowhere to be had again. */
export const newTokenSchema = tokenViewSchema.extend({ token: z.string() });
export type NewToken = z.infer<typeof newTokenSchema>;

/** Who is asking, and whom. */
export const selfSchema = z.object({
  /** Null on the machine's own socket, which may do all. */
  token: tokenViewSchema.nullable(),
  agent: z.object({ version: z.string(), homeId: z.string() }),
});
export type Self = z.infer<typeof selfSchema>;

export const auditViewSchema = z.object({
  seq: z.number(),
  at: isoTimeSchema,
  who: z.string(),
  tokenId: z.string().nullable(),
  /** `local`, or an IP address. */
  from: z.string(),
  method: z.string(),
  route: z.string(),
  /** `shop/orders`; empty where there is nothing. */
  target: z.string(),
  project: z.string().nullable(),
  /** HTTP status; null while it is under way, and for ever if the agent died meanwhile. */
  status: z.number().nullable(),
  /** Of the error; null when it went well. */
  code: z.string().nullable(),
  /** Refused requests that are alike are one entry. */
  count: z.number(),
});
export type AuditView = z.infer<typeof auditViewSchema>;
