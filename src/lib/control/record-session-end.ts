import type { Compute, ComputeEvent } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import type { SessionFacts } from './ports.ts';

type Reason = Extract<ComputeEvent, { type: 'sessionEnded' }>['reason'];

/** For who wonders where a connection went. What cannot be put on record, on a full disk say, has happened all the same. */
export function recordSessionEnd(core: Core, { id, name }: Compute, facts: SessionFacts, reason: Reason): void {
  const { id: session, client, user, why } = facts;
  core.logger.info({ compute: name, session, client, user, why, reason }, 'session ended');
  try {
    core.journal.record(id, { type: 'sessionEnded', reason, session, client, user, why });
  } catch (error) {
    const { message } = toDozeError(error);
    core.logger.error({ compute: name, error: message }, 'the end of a session could not be put on record');
  }
}
