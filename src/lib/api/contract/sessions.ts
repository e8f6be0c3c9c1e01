import { z } from 'zod';

import { SESSION_STATES } from '../../domain/index.ts';
import { isoTimeSchema } from './iso-time.ts';

/** One client's connection at the gateway. */
export const sessionViewSchema = z.object({
  /** As its client knows it: CONNECTION_ID(). */
  id: z.number(),
  compute: z.string(),
  project: z.string(),
  /** Address and port. */
  client: z.string(),
  user: z.string(),
  /**
   * `busy`: a command is under way. `transaction`: it has one open. `pinned`: it has something else that only its server's
   * process has. `idle`: nothing of it is known to keep the compute. `parked`: it has no connection to the server.
   */
  state: z.enum(SESSION_STATES),
  stateSince: isoTimeSchema,
  /** Whether it keeps its compute awake or from going deeper. */
  keepsCompute: z.boolean(),
  /** Why, with the session as the subject: `holds a temporary table`; null if it does not. */
  why: z.string().nullable(),
  /** Its login, before the first. Pings do not count. */
  lastCommandAt: isoTimeSchema,
  connectedAt: isoTimeSchema,
  /** The server's own id of its connection; null while it has none. */
  serverConnectionId: z.number().nullable(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

export const sessionKillSchema = z.object({
  /** As it was. */
  session: sessionViewSchema,
  notes: z.array(z.string()),
});
/** Result of killing a session. */
export type SessionKill = z.infer<typeof sessionKillSchema>;
