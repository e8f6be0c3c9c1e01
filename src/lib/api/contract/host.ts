import { z } from 'zod';

import { isoTimeSchema } from './iso-time.ts';

/** The part of the contract that is about the host: its agent, images, checks. */

export const agentStatusSchema = z.object({
  pid: z.number(),
  version: z.string(),
  node: z.string(),
  home: z.string(),
  homeId: z.string(),
  startedAt: isoTimeSchema,
  socket: z.string(),
  log: z.string(),
  gateway: z.object({ host: z.string(), sharedPort: z.number() }),
  /** Where the API is for other machines; null where it is not. */
  remote: z
    .object({
      host: z.string(),
      port: z.number(),
      url: z.string(),
      /** SHA-256 of the public key that it shows, as `doze context add --fingerprint` takes it. */
      fingerprint: z.string(),
      certificateExpiresAt: isoTimeSchema,
    })
    .nullable(),
  /** Why nothing that computes use can be put on record; null while it can. */
  ledgerProblem: z.object({ code: z.string(), message: z.string(), since: isoTimeSchema }).nullable(),
  computes: z.record(z.string(), z.number()),
  /** Compute units that are awake on each host, and may be (null: as many as come); `waiting` counts starts that wait for room. */
  hosts: z.array(
    z.object({ host: z.string(), limitCu: z.number().nullable(), awakeCu: z.number(), waiting: z.number() }),
  ),
  rssBytes: z.number(),
});
export type AgentStatus = z.infer<typeof agentStatusSchema>;

export const imageViewSchema = z.object({
  reference: z.string(),
  engine: z.string(),
  version: z.string(),
  origin: z.enum(['built', 'official', 'other']),
  sizeBytes: z.number(),
  createdAt: isoTimeSchema,
});
export type ImageView = z.infer<typeof imageViewSchema>;
export const imageBuildRequestSchema = z
  .object({
    engine: z.string(),
    version: z.string().optional(),
    /** Build anew although there is one already: for security updates. */
    refresh: z.boolean().optional(),
  })
  .strict();
export type ImageBuildRequest = z.infer<typeof imageBuildRequestSchema>;

export const checkSchema = z.object({
  /** `docker`, `images`, `process`, `ports`, `disk`, `clock`, `agent`, `depths` ... */
  name: z.string(),
  status: z.enum(['ok', 'warning', 'failed', 'skipped']),
  summary: z.string(),
  hint: z.string().nullable(),
});
export type Check = z.infer<typeof checkSchema>;

/** What a new compute would run on, and what can be done when there is nothing. */
export const setupSchema = z.object({
  /** What `auto` takes; null when nothing on this host can be used. */
  driver: z.enum(['docker', 'process']).nullable(),
  /** For people: `mariadbd 10.11.19 at /usr/sbin/mariadbd`, or why there is nothing. */
  summary: z.string(),
  /** Set when nothing can be used and the system's package manager could install a server. */
  install: z.object({ packages: z.array(z.string()), command: z.string() }).nullable(),
});
export type Setup = z.infer<typeof setupSchema>;
