import { z } from 'zod';

import type { Role } from '../../domain/index.ts';
import type { ErrorCode } from '../../errors/index.ts';

/**
 * Whose a request is.
 * `open`: anybody's, without authentication.
 * `any`: of whoever is authenticated: about no project, and no secret of the host.
 * `host`: of the whole agent: nothing for who has only a project.
 * `path`: of the project that the path's parameter `project` names.
 * `query`: of the projects that the caller may see, or of the one in the query's `project`.
 * `one`: of one thing by its id; its project is known only once it is found.
 * `self`: of whoever asks: what is done is bounded by the caller's own rights.
 */
export type Scope = 'open' | 'any' | 'self' | 'host' | 'path' | 'query' | 'one';

/**
 * `json`: one document. `operation`: a stream of progress lines, then one result or error, as `StreamLine`. `text`: plain
 * text, as it comes. `events`: server-sent events, whose data is each one document.
 */
export type AnswerKind = 'json' | 'operation' | 'text' | 'events';

type Schema = z.ZodType;

/** One request of the API, as data: how it is registered, checked, allowed and documented all follow from this. */
export interface Route<
  Kind extends AnswerKind = AnswerKind,
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Answer extends Schema = Schema,
> {
  readonly kind: Kind;
  readonly method: 'GET' | 'POST';
  /** Below `/v1`, parameters as `:name`. */
  readonly path: string;
  /** Its name in the document, unique: a verb and its object. */
  readonly id: string;
  /** One line without a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly role: Role;
  readonly scope: Scope;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly answer: Answer;
  /** When all is well; 200 unless said. */
  readonly status: number;
  /** Of `text`. */
  readonly mediaType?: string;
  /**
   * What it is about, where that has a record with a number: a GET answers with an ETag, a POST listens to If-Match, and to
   * `If-None-Match: *`.
   */
  readonly tagged?: 'compute' | 'project';
  /** Whether it makes something, so that a caller may say `Idempotency-Key`: its answer must have no secret, as it is kept. */
  readonly isCreate?: boolean;
  /** What can go wrong besides what can at every request. */
  readonly errors: readonly ErrorCode[];
}

const NOTHING = z.object({}).strict();
type Nothing = typeof NOTHING;

type Definition<Params extends Schema, Query extends Schema, Body extends Schema, Answer extends Schema> = Omit<
  Route<AnswerKind, Params, Query, Body, Answer>,
  'kind' | 'params' | 'query' | 'body' | 'status' | 'errors'
> & {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly status?: number;
  readonly errors?: readonly ErrorCode[];
};

/** Requests of one kind. */
const ofKind =
  <Kind extends AnswerKind>(kind: Kind) =>
  <
    Answer extends Schema,
    Params extends Schema = Nothing,
    Query extends Schema = Nothing,
    Body extends Schema = Nothing,
  >(
    definition: Definition<Params, Query, Body, Answer>,
  ): Route<Kind, Params, Query, Body, Answer> =>
    complete(kind, definition);

export const jsonRoute = ofKind('json');
/** It belongs to the agent: it goes on when the caller goes away. */
export const operationRoute = ofKind('operation');
export const eventsRoute = ofKind('events');

const TEXT = z.string();

export function textRoute<
  Params extends Schema = Nothing,
  Query extends Schema = Nothing,
  Body extends Schema = Nothing,
>(
  definition: Omit<Definition<Params, Query, Body, typeof TEXT>, 'answer'>,
): Route<'text', Params, Query, Body, typeof TEXT> {
  return complete('text', { ...definition, answer: TEXT });
}

function complete<
  Kind extends AnswerKind,
  Params extends Schema,
  Query extends Schema,
  Body extends Schema,
  Answer extends Schema,
>(kind: Kind, definition: Definition<Params, Query, Body, Answer>): Route<Kind, Params, Query, Body, Answer> {
  const nothing = { params: NOTHING, query: NOTHING, body: NOTHING } as unknown as {
    params: Params;
    query: Query;
    body: Body;
  };
  return { ...nothing, status: 200, errors: [], ...definition, kind };
}
