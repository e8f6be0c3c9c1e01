import { createHash } from 'node:crypto';

import type { FastifyReply } from 'fastify';

import type { Clock } from '../../../clock.ts';
import { catalogue, DozeError, toDozeError, type ErrorCode } from '../../../errors/index.ts';
import type { Logger } from '../../../logger.ts';
import type { KeptKey, KeyServices } from '../../services.ts';
import { logError } from '../answer-errors.ts';
import { endedOperation, type Operation, type OperationFacts, type Outcome, type Run } from './operation.ts';
import type { OperationBook } from './operation-book.ts';

/** Begins operations, each key's only once. */
export interface Once {
  /** Whether the key came before: then nothing is begun, whatever it depends on. */
  isKnown(caller: string, key: string | null): boolean;
  begin(asked: Asked, run: Run): Operation;
}

export interface Asked {
  readonly facts: OperationFacts;
  /** What its caller sent, as it was read: the same key with another one is refused. */
  readonly request: unknown;
  /** Null without a key: then nothing is looked up, and nothing is kept. */
  readonly key: string | null;
  /** Whose key it is. */
  readonly caller: string;
  readonly reply: FastifyReply;
}

export interface OnceDeps {
  readonly book: OperationBook;
  readonly keys: KeyServices;
  readonly clock: Clock;
  readonly logger: Logger;
}

const KEY = /^[\x21-\x7e]{1,200}$/;
const REPLAYED_HEADER = 'idempotency-replayed';

/**
 * | the key is                       | and the request is its own            | or another one         |
 * | -------------------------------- | ------------------------------------- | ---------------------- |
 * | new                              | is on record, then begins             | -                      |
 * | of one that runs                 | waits for that one                    | IDEMPOTENCY_KEY_REUSED |
 * | of one that ended well           | has its result                        | IDEMPOTENCY_KEY_REUSED |
 * | of one that failed for good      | has its error                         | IDEMPOTENCY_KEY_REUSED |
 * | of one that failed for now       | begins anew: the key was forgotten    | begins                 |
 * | of one whose agent died in it    | begins anew, and finds what was done  | IDEMPOTENCY_KEY_REUSED |
 */
export function createOnce({ book, keys, clock, logger }: OnceDeps): Once {
  /** By scope: what runs, before anything of it could be looked up again. */
  const underWay = new Map<string, { readonly fingerprint: string; readonly operation: Operation }>();

  function keep(kept: KeptKey, outcome: Outcome, facts: OperationFacts): void {
    try {
      if (outcome.kind === 'error' && outcome.error.entry.retryable) keys.forget(kept.scope);
      else keys.put({ ...kept, outcome: JSON.stringify(writeOutcome(facts, outcome)) });
    } catch (thrown) {
      // What was done is done; a repeat of the key finds it so.
      logError(logger, toDozeError(thrown), `key of ${kept.operation}`);
    }
  }

  return {
    isKnown(caller, key) {
      if (key === null) return false;
      const scope = `${caller} ${requireKey(key)}`;
      return underWay.has(scope) || (keys.find(scope)?.outcome ?? null) !== null;
    },
    begin({ facts, request, key, caller, reply }, run) {
      if (key === null) return book.begin({ ...facts, id: book.newId() }, run);
      const scope = `${caller} ${requireKey(key)}`;
      const fingerprint = createHash('sha256')
        .update(JSON.stringify([facts, request]))
        .digest('base64url');
      const running = underWay.get(scope);
      const kept = running === undefined ? keys.find(scope) : null;
      if ((running ?? kept ?? { fingerprint }).fingerprint !== fingerprint) throw reused(key);
      const before = running?.operation ?? (kept === null ? null : recall(book, kept));
      if (before !== null) {
        void reply.header(REPLAYED_HEADER, 'true');
        return before;
      }
      const mine: KeptKey = { scope, fingerprint, operation: book.newId(), atMs: clock.wallMs(), outcome: null };
      keys.put(mine);
      const operation = book.begin({ ...facts, id: mine.operation }, run);
      underWay.set(scope, { fingerprint, operation });
      operation.follow({
        onProgress: () => undefined,
        onEnd(outcome) {
          keep(mine, outcome, facts);
          underWay.delete(scope);
        },
      });
      return operation;
    },
  };
}

interface WrittenOutcome {
  readonly facts: OperationFacts;
  readonly result?: unknown;
  readonly error?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly details: object;
  };
}

function writeOutcome(facts: OperationFacts, outcome: Outcome): WrittenOutcome {
  if (outcome.kind === 'result') return { facts, result: outcome.result };
  const { code, message, hint, details } = outcome.error;
  return { facts, error: { code, message, ...(hint === undefined ? {} : { hint }), details } };
}

/** What a key had for an outcome; null if it had none yet. */
function recall(book: OperationBook, { operation: id, outcome, atMs }: KeptKey): Operation | null {
  if (outcome === null) return null;
  const known = book.find(id);
  if (known !== null) return known;
  const { facts, result, error } = JSON.parse(outcome) as WrittenOutcome;
  const ended = endedOperation({
    ...facts,
    id,
    atMs,
    outcome: error === undefined ? { kind: 'result', result } : { kind: 'error', error: readError(error) },
  });
  book.remember(ended);
  return ended;
}

function readError({ code, message, hint, details }: NonNullable<WrittenOutcome['error']>): DozeError {
  const known = Object.hasOwn(catalogue, code) ? code : 'INTERNAL';
  return new DozeError(known, message, { ...(hint === undefined ? {} : { hint }), details: { ...details } });
}

function requireKey(key: string): string {
  if (KEY.test(key)) return key;
  throw new DozeError('REQUEST_INVALID', 'Idempotency-Key: has to be 1 to 200 visible ASCII characters');
}

function reused(key: string): DozeError {
  return new DozeError('IDEMPOTENCY_KEY_REUSED', `the key ${key} came with another request before`);
}
