import { z } from 'zod';

import { STATES, STORAGE_FLAVOURS, STORAGE_KINDS, VERDICTS } from '../../domain/index.ts';
import { isoTimeSchema } from './iso-time.ts';

/** The part of the contract that is about the storage tier. LSNs and lags are bytes of log. */

const verdictSchema = z.enum(VERDICTS);

const findingSchema = z.object({
  verdict: verdictSchema,
  code: z.string(),
  endpoint: z.string().nullable(),
  message: z.string(),
});

const endpointSchema = z.object({
  url: z.string(),
  state: z.enum(['answers', 'fails', 'unchecked']),
  checkedAt: isoTimeSchema.nullable(),
  latencyMs: z.number().nullable(),
  version: z.string().nullable(),
  replicaId: z.string().nullable(),
  role: z.enum(['leader', 'follower', 'candidate']).nullable(),
  term: z.number().nullable(),
  latestLsn: z.number().nullable(),
  lag: z.number().nullable(),
  /** What a Page Server takes on its disk, for all whose data it has; null where the flavour does not tell. */
  diskUsedBytes: z.number().nullable(),
  lastError: z.object({ at: isoTimeSchema, fault: z.string(), message: z.string() }).nullable(),
});
export type StorageEndpointView = z.infer<typeof endpointSchema>;

/** A registered service with what is known of it. Never its credential. */
export const storageViewSchema = z.object({
  name: z.string(),
  kind: z.enum(STORAGE_KINDS),
  flavour: z.enum(STORAGE_FLAVOURS),
  safekeepers: z.string().nullable(),
  hasCredential: z.boolean(),
  hasCertificateAuthority: z.boolean(),
  deadlineSeconds: z.number(),
  intervalSeconds: z.number(),
  lagLimit: z.number(),
  addedAt: isoTimeSchema,
  verdict: verdictSchema,
  since: isoTimeSchema,
  findings: z.array(findingSchema),
  latestLsn: z.number().nullable(),
  lag: z.number().nullable(),
  group: z
    .object({
      leader: z.string().nullable(),
      term: z.number().nullable(),
      answering: z.number(),
      quorum: z.number(),
      replicas: z.number(),
    })
    .nullable(),
  endpoints: z.array(endpointSchema),
  /** Whose data lives there: what a verdict means for them follows from their state. By name. */
  computes: z.array(z.object({ project: z.string(), name: z.string(), state: z.enum(STATES) })),
  /** Changes of the verdict in the last day, oldest first. */
  history: z.array(z.object({ at: isoTimeSchema, verdict: verdictSchema, message: z.string().nullable() })),
});
export type StorageView = z.infer<typeof storageViewSchema>;

export const storageAddRequestSchema = z
  .object({
    kind: z.enum(STORAGE_KINDS),
    flavour: z.enum(STORAGE_FLAVOURS),
    endpoints: z.array(z.string()).min(1).max(15),
    safekeepers: z.string().optional(),
    credential: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('apiKey'), key: z.string().min(1) }),
        z.object({ kind: z.literal('bearer'), token: z.string().min(1) }),
        z.object({ kind: z.literal('basic'), user: z.string(), password: z.string().min(1) }),
      ])
      .optional(),
    certificateAuthority: z.string().optional(),
    deadlineSeconds: z.number().min(0.1).max(60).optional(),
    intervalSeconds: z.number().min(0.5).max(3600).optional(),
    lagLimit: z.number().int().min(0).optional(),
    /** Also when it does not answer, or not well. */
    force: z.boolean().optional(),
  })
  .strict();
export type StorageAddRequest = z.infer<typeof storageAddRequestSchema>;

export const storageSnapshotSchema = z.object({
  id: z.string(),
  lsn: z.number().nullable(),
  /** As the service writes it. */
  createdAt: z.string().nullable(),
  description: z.string(),
});
export type StorageSnapshotView = z.infer<typeof storageSnapshotSchema>;

export const storageSnapshotRequestSchema = z
  .object({
    /** Left out: the Page Server's latest. */
    lsn: z.number().int().min(0).optional(),
    description: z.string().max(1000).optional(),
  })
  .strict();
export type StorageSnapshotRequest = z.infer<typeof storageSnapshotRequestSchema>;
