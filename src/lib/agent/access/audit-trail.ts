import type { AuditTrail } from '../../api/index.ts';
import type { Clock } from '../../clock.ts';
import type { AuditEntry } from '../../domain/index.ts';
import { toDozeError } from '../../errors/index.ts';
import type { Logger } from '../../logger.ts';
import type { AuditRecords } from '../../store/index.ts';

export interface AuditTrailDeps {
  readonly records: AuditRecords;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * | an entry of    | is written                                       | if the agent dies here              |
 * | -------------- | ------------------------------------------------ | ----------------------------------- |
 * | a change       | before its effect, without an outcome            | it stays without: the end is unknown |
 * | its outcome    | when the operation has ended, answered or not    |                                     |
 * | a refusal      | within a second; what is alike of it counted     | a second of refusals is lost        |
 *
 * The oldest go when they are older than `auditKeep`, or more than there may be.
 */
export interface KeptAuditTrail extends AuditTrail {
  close(): void;
}

const MAX_ENTRIES = 100_000;
const PRUNE_INTERVAL_MS = 3_600_000;
const FLUSH_INTERVAL_MS = 1_000;
/** Different refusals that are told apart within a second, and how many of them a minute may have. */
const MAX_KINDS = 100;
const MAX_REFUSALS_A_MINUTE = 300;
const MINUTE_MS = 60_000;

export function keepAuditTrail({ records, clock, logger }: AuditTrailDeps, keepMs: number): KeptAuditTrail {
  const pending = new Map<string, AuditEntry>();
  let minute = { startMs: clock.monotonicMs(), written: 0 };

  const attempt = (what: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      // Of a refusal or an end: the request itself has been answered, and the next one will say what is wrong with the disk.
      logger.error({ err: toDozeError(error) }, what);
    }
  };
  const prune = (): void =>
    attempt('the audit trail could not be shortened', () => records.pruneAudit(clock.wallMs() - keepMs, MAX_ENTRIES));
  const flush = (): void => {
    if (pending.size === 0) return;
    const nowMs = clock.monotonicMs();
    if (nowMs - minute.startMs >= MINUTE_MS) minute = { startMs: nowMs, written: 0 };
    // Over the bound they wait for the next minute, and are counted meanwhile.
    const entries = [...pending.entries()].slice(0, MAX_REFUSALS_A_MINUTE - minute.written);
    if (entries.length === 0) return;
    for (const [key] of entries) pending.delete(key);
    minute.written += entries.length;
    attempt('refused requests could not be written to the audit trail', () =>
      records.appendAudit(entries.map(([, entry]) => entry)),
    );
  };
  const timers = [clock.every(FLUSH_INTERVAL_MS, flush), clock.every(PRUNE_INTERVAL_MS, prune)];
  prune();

  return {
    begin(entry, isOptional) {
      try {
        return records.appendAudit([entry]);
      } catch (error) {
        if (!isOptional) throw error;
        logger.error({ err: toDozeError(error) }, 'a request could not be written to the audit trail');
        return null;
      }
    },
    finish: (seq, outcome) =>
      attempt('the outcome of a request could not be written to the audit trail', () =>
        records.finishAudit(seq, outcome),
      ),
    refused(entry) {
      const full = pending.size >= MAX_KINDS;
      const key = full ? '' : kindOf(entry);
      const same = pending.get(key);
      if (same !== undefined) pending.set(key, { ...same, count: same.count + entry.count });
      else pending.set(key, full ? { ...entry, ...OTHERS } : entry);
    },
    close() {
      for (const timer of timers) timer[Symbol.dispose]();
      minute = { startMs: clock.monotonicMs(), written: 0 };
      flush();
    },
  };
}

/** What is left of those that come when there are too many kinds to tell apart. */
const OTHERS = { who: 'many', tokenId: null, from: 'many addresses', route: 'unknown', target: '', project: null };

function kindOf({ who, from, method, route, project, code }: AuditEntry): string {
  return JSON.stringify([who, from, method, route, project, code]);
}
