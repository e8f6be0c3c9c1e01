import { z } from 'zod';

import { DEPTHS, STATES } from '../../domain/index.ts';
import { cacheViewSchema } from './cache.ts';
import { isoTimeSchema } from './iso-time.ts';
import { leaseRequestFields, leaseViewFields } from './lease.ts';
import { copyViewSchema } from './snapshots.ts';

/** The part of the contract that is about computes. */

const depthSchema = z.enum(DEPTHS);
export const stateSchema = z.enum(STATES);

const wakeViewSchema = z.object({
  at: isoTimeSchema,
  cause: z.enum(['create', 'resume', 'wake', 'adopt']),
  fromDepth: depthSchema.nullable(),
  totalMs: z.number(),
  phasesMs: z.record(z.string(), z.number()),
  /** The parts of the server's own start, across `driver`, `listen` and `login`; null where its log was not heard. */
  serverPhasesMs: z.record(z.string(), z.number()).nullable(),
});

const failureViewSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  logTail: z.array(z.string()),
  at: isoTimeSchema,
  count: z.number(),
});

/** Where the data of a compute lives that keeps nothing itself. */
const pageServerStorageSchema = z.object({ pageServer: z.string(), safekeepers: z.string() });

/** Seconds without use, counted from the last use. */
const rungSchema = z.object({ depth: depthSchema, afterSeconds: z.number() }).strict();

/** Compute units: one size, or two between which the load decides. */
const sizeRangeSchema = z.union([z.number(), z.object({ min: z.number(), max: z.number() }).strict()]);

/** A compute as `list`, `show` and `start` give it. */
export const computeViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  project: z.string(),
  engine: z.string(),
  /** As the server says it, or the version line asked for, or null before the first start. */
  version: z.string().nullable(),
  driver: z.string(),
  image: z.string().nullable(),
  state: stateSchema,
  depth: depthSchema.nullable(),
  stateSince: isoTimeSchema,
  size: z.object({ min: z.number(), max: z.number(), now: z.number() }),
  suspendAfterSeconds: z.number().nullable(),
  suspendDepth: depthSchema,
  /** How it goes down while nobody uses it: the first rung is as above. Empty: never. */
  ladder: z.array(rungSchema),
  /** When a session without a command ends that alone keeps it from going deeper; null is never. */
  endPinnedAfterSeconds: z.number().nullable(),
  /** Null is as many as come. */
  maxSessions: z.number().nullable(),
  /** Null is never. */
  sessionIdleTimeoutSeconds: z.number().nullable(),
  /** Null: a volume of its own. */
  storage: pageServerStorageSchema.nullable(),
  /** Null: each session has a connection to the server of its own. A size of null goes by the compute's size. */
  connectionPool: z.object({ size: z.number().nullable() }).nullable(),
  /** Without the password unless asked for. */
  url: z.string(),
  host: z.string(),
  port: z.number(),
  user: z.string(),
  database: z.string(),
  createdAt: isoTimeSchema,
  /** Length of the last wake or start, or null. */
  wakeMs: z.number().nullable(),
  wakes: z.number(),
  sessions: z.number(),
  ...leaseViewFields,
  destroyedAt: isoTimeSchema.nullable(),
  keptUntil: isoTimeSchema.nullable(),
  failure: failureViewSchema.nullable(),
});
export type ComputeView = z.infer<typeof computeViewSchema>;

const timesSchema = z.object({ count: z.number(), p50Ms: z.number(), maxMs: z.number() });

const connectionsViewSchema = z.object({
  size: z.number(),
  /** Whose session is at work, is inside a transaction, or changes; those that a session keeps for a reason with them. */
  inUse: z.number(),
  pinned: z.number(),
  idle: z.number(),
  /** Sessions that wait for one. */
  waiting: z.number(),
  waited: timesSchema.nullable(),
  /** From a session's first command to the end of its transaction. */
  held: timesSchema.nullable(),
  switches: z.number(),
  /** Sessions that were turned away when their time was up. */
  refusals: z.number(),
});

export const computeDetailSchema = computeViewSchema.extend({
  lastWake: wakeViewSchema
    .extend({
      /** What the client that woke it waited for besides; null if none did, or the agent was started since. */
      clientMs: z.object({ handshake: z.number(), login: z.number() }).nullable(),
    })
    .nullable(),
  /** Why it is awake, one sentence each; empty when nothing keeps it awake. */
  awakeBecause: z.array(z.string()),
  /** Why it does not start yet, as `waits for 0.5 CU: ...`; null unless it waits for its turn on a full host. */
  waitingBecause: z.string().nullable(),
  /** Why it is smaller than its load asks for; null unless it is. */
  boundBecause: z.string().nullable(),
  /** Null unless it is active and was looked at. */
  cache: cacheViewSchema.nullable(),
  /** When it will be suspended if nobody comes; null if not active or never. */
  suspendsAt: isoTimeSchema.nullable(),
  /** Where it goes from here if nobody comes; null unless it sleeps above the end of its ladder. */
  nextStep: z.object({ depth: depthSchema, at: isoTimeSchema }).nullable(),
  /** Why it will not go there, one sentence each; empty unless sessions keep it where it sleeps. */
  heldBecause: z.array(z.string()),
  storageBytes: z.number().nullable(),
  /** Of the connections that its sessions share; null where they share none, or none has come. */
  connections: connectionsViewSchema.nullable(),
});
export type ComputeDetail = z.infer<typeof computeDetailSchema>;

export const startRequestSchema = z
  .object({
    engine: z.string().optional(),
    version: z.string().optional(),
    image: z.string().optional(),
    driver: z.enum(['auto', 'docker', 'process', 'fake']).optional(),
    size: sizeRangeSchema.optional(),
    /** All of it; empty is never. The two that follow change its first rung. */
    ladder: z.array(rungSchema).max(5).optional(),
    /** null is never. */
    suspendAfterSeconds: z.number().nullable().optional(),
    suspendDepth: depthSchema.optional(),
    /** null is never, or none, for these three. */
    endPinnedAfterSeconds: z.number().min(0).nullable().optional(),
    maxSessions: z.number().int().min(1).nullable().optional(),
    sessionIdleTimeoutSeconds: z.number().min(1).nullable().optional(),
    port: z.number().int().min(1).max(65535).optional(),
    user: z.string().optional(),
    database: z.string().optional(),
    /** Names of registered services; left out, the data is on a volume. */
    storage: pageServerStorageSchema.optional(),
    /** Whether its sessions share connections to its server, and how many at most. */
    pool: z.enum(['off', 'transaction']).optional(),
    poolSize: z.number().int().min(1).max(10_000).optional(),
    ...leaseRequestFields,
    /** Bring back the destroyed compute of this name. */
    restore: z.boolean().optional(),
  })
  .strict();
export type StartRequest = z.infer<typeof startRequestSchema>;

export const suspendRequestSchema = z
  .object({
    depth: depthSchema.optional(),
    /** Also when sessions are busy: they are closed. Default false: refuses with COMPUTE_BUSY. */
    force: z.boolean().optional(),
  })
  .strict();
export type SuspendRequest = z.infer<typeof suspendRequestSchema>;

export const restartRequestSchema = z
  .object({
    /** As for suspend. */
    force: z.boolean().optional(),
  })
  .strict();
export type RestartRequest = z.infer<typeof restartRequestSchema>;

export const resizeRequestSchema = z.object({ size: sizeRangeSchema }).strict();
export type ResizeRequest = z.infer<typeof resizeRequestSchema>;

export const setRequestSchema = startRequestSchema
  .pick({ pool: true, poolSize: true })
  /** Of an ephemeral compute, from now on; null has it last. */
  .extend({ leaseSeconds: z.number().nullable().optional() })
  .strict();
export type SetRequest = z.infer<typeof setRequestSchema>;

export const destroyRequestSchema = z.object({ purge: z.boolean().optional() }).strict();
export type DestroyRequest = z.infer<typeof destroyRequestSchema>;

/** Result of start, clone, suspend, resume, restart, resize, destroy, and of going back to a snapshot. */
export const operationResultSchema = z.object({
  compute: computeViewSchema,
  /** False when it was already so. */
  changed: z.boolean(),
  /** What was done, past tense: `created`, `cloned`, `resumed`, `restored`, `suspended`, `restarted`, `resized`, `changed`, `destroyed`, `purged`, `unchanged`. */
  action: z.enum([
    'created',
    'cloned',
    'resumed',
    'restored',
    'suspended',
    'restarted',
    'resized',
    'changed',
    'destroyed',
    'purged',
    'unchanged',
  ]),
  tookMs: z.number(),
  notes: z.array(z.string()),
  /** Of a clone. */
  copy: copyViewSchema.optional(),
});
export type OperationResult = z.infer<typeof operationResultSchema>;

export const connectionSchema = z.object({
  url: z.string(),
  host: z.string(),
  port: z.number(),
  user: z.string(),
  password: z.string(),
  database: z.string(),
  /** How clients elsewhere make sure whom they talk to. */
  tls: z.object({
    mode: z.enum(['off', 'preferred', 'required']),
    /** The gateway's own certificate in PEM, which is all that has to be trusted; null where others vouch for it. */
    authority: z.string().nullable(),
  }),
});
/** With the password: given only to who asks for it by name. */
export type Connection = z.infer<typeof connectionSchema>;
