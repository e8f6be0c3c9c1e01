import { createDeadline, untilAborted, type Clock } from '../clock.ts';
import { DozeError } from '../errors/index.ts';
import type { HourlyTraffic, TrafficDelta } from '../store/index.ts';
import type { SessionGate } from './ports.ts';

/** A thread of the gateway that says nothing for longer is waited for no more: heartbeats are what bills go by. */
const PATIENCE_MS = 1_000;

/**
 * What clients did, between the gateway's threads and the ledger. What was handed over is in exactly one place:
 *
 * | it is                    | and if it ends here                                  |
 * | ------------------------ | ---------------------------------------------------- |
 * | counted by a thread      | lost with the thread or the agent: a few seconds     |
 * | on its way, or in here   | lost with the agent: the same few seconds            |
 * | in the ledger            | never counted again, as it left here with the commit |
 */
export interface TrafficBook {
  /** Takes what there is at the gateway. Never rejects: what comes too late is there the next time. */
  collect(): Promise<void>;
  /** Has it written: it leaves here only if `write` returns. @returns what that returns */
  hand<Result>(write: (traffic: HourlyTraffic) => Result): Result;
}

export function createTrafficBook({
  clock,
  gate,
}: {
  readonly clock: Clock;
  readonly gate: Pick<SessionGate, 'takeTraffic'>;
}): TrafficBook {
  const pending = new Map<string, TrafficDelta>();
  let underWay: Promise<void> | null = null;

  const note = (delta: TrafficDelta): void => {
    const before = pending.get(delta.computeId);
    pending.set(delta.computeId, before === undefined ? delta : plus(before, delta));
  };
  const take = async (): Promise<void> => {
    try {
      for (const delta of await gate.takeTraffic()) note(delta);
    } catch {
      // A gateway that has ended has nothing more.
    } finally {
      underWay = null;
    }
  };

  return {
    async collect() {
      using deadline = createDeadline(PATIENCE_MS, () => new DozeError('TIMED_OUT', 'a thread of the gateway is busy'));
      underWay ??= take();
      await untilAborted(underWay, deadline.signal).catch(() => undefined);
    },
    hand(write) {
      const result = write({ atMs: clock.wallMs(), deltas: [...pending.values()] });
      pending.clear();
      return result;
    },
  };
}

function plus(a: TrafficDelta, b: TrafficDelta): TrafficDelta {
  return {
    computeId: a.computeId,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
    queries: a.queries + b.queries,
  };
}
