import { DozeError, toDozeError } from '../../../errors/index.ts';
import type { AgentServices } from '../../services.ts';
import type { OperationBook } from '../operations/operation-book.ts';

/** One thing that a path names by its id alone. */
export interface Thing {
  /** Null when there is no such thing. */
  readonly project: string | null;
  /** What its route says when there is none. */
  readonly missing: DozeError;
}

/** Where things are looked for. */
export interface Places extends Pick<AgentServices, 'sessions' | 'tokens'> {
  readonly book: Pick<OperationBook, 'find' | 'require'>;
}

type FindThing = (id: string, places: Places) => Promise<Thing>;

/** By the id of the route: every route of scope `one` has its entry here. */
const FINDERS: Readonly<Record<string, FindThing>> = {
  killSession: async (id, { sessions }) => {
    const found = (await sessions.list({ project: null, compute: null })).find((session) => String(session.id) === id);
    return {
      project: found?.project ?? null,
      missing: new DozeError('SESSION_NOT_FOUND', `there is no session ${id}: it may have ended`),
    };
  },
  getOperation: async (id, { book }) => {
    const found = book.find(id);
    // One of the host is nobody's who has only a project.
    return Promise.resolve({ project: found === null ? null : (found.project ?? HOST), missing: missingOf(book, id) });
  },
  getToken: findToken,
  revokeToken: findToken,
};

async function findToken(id: string, { tokens }: Places): Promise<Thing> {
  const found = (await tokens.list(null)).find((token) => token.id === id);
  // One of the host is nobody's who has only a project.
  return { project: found === undefined ? null : (found.project ?? HOST), missing: noToken(id) };
}

/** No project has this name. */
const HOST = '';

/** Of one that is another project's it says what it says of none. */
function missingOf(book: Places['book'], id: string): DozeError {
  try {
    if (book.find(id) === null) book.require(id);
  } catch (thrown) {
    return toDozeError(thrown);
  }
  return new DozeError('OPERATION_NOT_FOUND', `there is no operation ${id}, or it ended long ago`);
}

function noToken(id: string): DozeError {
  return new DozeError('TOKEN_NOT_FOUND', `there is no token "${id}"`);
}

/** @throws NOT_ALLOWED for a route without an entry: what nobody has thought of is not for tokens of a project */
export function findThing(routeId: string, id: string, places: Places): Promise<Thing> {
  const find = FINDERS[routeId];
  if (find !== undefined) return find(id, places);
  throw new DozeError('NOT_ALLOWED', `${routeId} is not for tokens of a project`);
}
