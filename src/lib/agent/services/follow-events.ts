import type { FollowQuery } from '../../api/index.ts';
import type { StoredEvent } from '../../domain/index.ts';
import type { AgentCore } from '../running.ts';

/** Of the log, at a time. */
const BATCH = 500;
/** How long nothing comes before that is said. */
const QUIET_MS = 15_000;
/** How often it looks by itself. */
const LOOK_MS = 2_000;

/**
 * What is on record after a sequence number, then what comes. The log is the only buffer: whoever takes its time is as far
 * behind in the log, and costs one batch. Being called is only the sign to look again, so nothing is lost between two looks.
 */
export async function* followEvents(
  { store, clock, running }: Pick<AgentCore, 'store' | 'clock' | 'running'>,
  query: FollowQuery,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredEvent[]> {
  const { control } = await running;
  let bell = Promise.withResolvers<void>();
  using _subscription = control.onChange(() => bell.resolve());
  let seq = query.afterSeq ?? store.listEvents({ limit: 1 }).at(-1)?.seq ?? 0;
  // At once, so that who follows knows that it does.
  yield [];
  let saidMs = clock.monotonicMs();
  for (;;) {
    bell = Promise.withResolvers();
    const events = store.listEvents({ afterSeq: seq, limit: BATCH });
    seq = events.at(-1)?.seq ?? seq;
    const wanted = events.filter((event) => isWanted(event, query));
    if (wanted.length > 0 || clock.monotonicMs() - saidMs >= QUIET_MS) {
      yield wanted;
      saidMs = clock.monotonicMs();
    }
    if (events.length === 0) await rungOrDue(bell.promise);
  }

  /** @throws the signal's reason */
  async function rungOrDue(rung: Promise<void>): Promise<void> {
    const stop = new AbortController();
    try {
      await Promise.race([rung, clock.sleep(LOOK_MS, AbortSignal.any([signal, stop.signal]))]);
    } finally {
      stop.abort();
    }
  }
}

function isWanted({ project, computeName }: StoredEvent, query: FollowQuery): boolean {
  return (
    (query.project === null || project === query.project) && (query.compute === null || computeName === query.compute)
  );
}
