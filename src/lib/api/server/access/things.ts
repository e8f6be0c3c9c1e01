import { DozeError } from '../../../errors/index.ts';
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
export interface Places {
  readonly services: AgentServices;
  readonly book: Pick<OperationBook, 'find' | 'missing'>;
}

type FindThing = (id: string, places: Places) => Promise<Thing>;

/** No project has this name. */
const HOST = '';

/** By the id of the route: every route of scope `one` has its entry here. */
const FINDERS: Readonly<Record<string, FindThing>> = {
  killSession: async (id, { services }) => {
    const found = (await services.sessions.list({ project: null, compute: null })).find(
      (session) => String(session.id) === id,
    );
    return {
      project: found?.project ?? null,
      missing: new DozeError('SESSION_NOT_FOUND', `there is no session ${id}: it may have ended`),
    };
  },
  getToken: findToken,
  revokeToken: findToken,
  getOperation: async (id, { book }) => {
    const found = book.find(id);
    return Promise.resolve({ project: found === null ? null : (found.project ?? HOST), missing: book.missing(id) });
  },
};

async function findToken(id: string, { services }: Places): Promise<Thing> {
  const found = (await services.tokens.list(null)).find((token) => token.id === id);
  // One of the host is nobody's who has only a project.
  return { project: found === undefined ? null : (found.project ?? HOST), missing: noToken(id) };
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
