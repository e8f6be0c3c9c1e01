import { randomBytes } from 'node:crypto';

import type { Clock } from '../../../clock.ts';
import { DozeError } from '../../../errors/index.ts';
import type { Logger } from '../../../logger.ts';
import { logError } from '../answer-errors.ts';
import { startOperation, type Operation, type OperationFacts, type Run } from './operation.ts';

/** Of the operations of this agent, those that run and the last of those that have ended. */
export interface OperationBook {
  /** An id for the next one, which says which agent has it. */
  newId(): string;
  begin(facts: OperationFacts & { readonly id: string }, run: Run): Operation;
  /** Puts in one that is remembered from before. */
  remember(operation: Operation): void;
  find(id: string): Operation | null;
  /** @throws OPERATION_NOT_FOUND, OPERATION_LOST */
  require(id: string): Operation;
  /** What `require` throws where there is none of this id. */
  missing(id: string): DozeError;
  /** Resolves when it has ended or the time is over. @throws the signal's reason */
  untilEnd(operation: Operation, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Newest first; null is of any project. */
  list(project: string | null): readonly Operation[];
}

export interface OperationBookDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
}

const KEEP_MS = 24 * 3_600_000;
const MAX_ENDED = 500;
const RUN_ID_BYTES = 4;

export function createOperationBook({ clock, logger, stopping }: OperationBookDeps): OperationBook {
  const runId = randomBytes(RUN_ID_BYTES).toString('hex');
  const running = new Map<string, Operation>();
  /** In the order in which they ended. */
  const ended = new Map<string, Operation>();
  let count = 0;

  function remember(operation: Operation): void {
    running.delete(operation.id);
    ended.delete(operation.id);
    ended.set(operation.id, operation);
    const oldestMs = clock.wallMs() - KEEP_MS;
    for (const [id, { endedAtMs }] of ended) {
      if (ended.size <= MAX_ENDED && (endedAtMs ?? oldestMs) >= oldestMs) break;
      ended.delete(id);
    }
  }

  function onEnd(operation: Operation): void {
    remember(operation);
    if (operation.outcome?.kind !== 'error') return;
    logError(logger, operation.outcome.error, [operation.route, ...Object.values(operation.target)].join(' '));
  }

  const missing = (id: string): DozeError => (id.startsWith(`${runId}-`) || !ID.test(id) ? unknown(id) : lost(id));
  const find = (id: string): Operation | null => running.get(id) ?? ended.get(id) ?? null;
  return {
    newId: () => `${runId}-${(count += 1)}`,
    begin(facts, run) {
      const operation = startOperation(facts, run, { clock, stopping, onEnd });
      if (operation.outcome === null) running.set(operation.id, operation);
      return operation;
    },
    remember,
    find,
    require(id) {
      const operation = find(id);
      if (operation !== null) return operation;
      throw missing(id);
    },
    missing,
    async untilEnd(operation, timeoutMs, signal) {
      const ended = new AbortController();
      const stop = operation.follow({ onProgress: () => undefined, onEnd: () => ended.abort() });
      try {
        await clock.sleep(timeoutMs, AbortSignal.any([ended.signal, signal]));
      } catch (thrown) {
        if (!ended.signal.aborted) throw thrown;
      } finally {
        stop();
      }
    },
    list: (project) =>
      [...running.values(), ...ended.values()]
        .filter((operation) => project === null || operation.project === project)
        .toSorted((a, b) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? -1 : 1)),
  };
}

const ID = /^[0-9a-f]{8}-\d+$/;

function unknown(id: string): DozeError {
  return new DozeError('OPERATION_NOT_FOUND', `there is no operation ${id.slice(0, 100)}, or it ended long ago`);
}

function lost(id: string): DozeError {
  return new DozeError(
    'OPERATION_LOST',
    `operation ${id} was of an agent that has ended: what it had begun on record, the next agent finished or undid`,
    { details: { operation: id } },
  );
}
