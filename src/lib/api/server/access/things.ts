import { DozeError } from '../../../errors/index.ts';
import type { AgentServices } from '../../services.ts';

/** One thing that a path names by its id alone. */
export interface Thing {
  /** Null when there is no such thing. */
  readonly project: string | null;
  /** What its route says when there is none. */
  readonly missing: DozeError;
}

type FindThing = (id: string, services: AgentServices) => Promise<Thing>;

/** By the id of the route: every route of scope `one` has its entry here. */
const FINDERS: Readonly<Record<string, FindThing>> = {
  killSession: async (id, { sessions }) => {
    const found = (await sessions.list({ project: null, compute: null })).find((session) => String(session.id) === id);
    return {
      project: found?.project ?? null,
      missing: new DozeError('SESSION_NOT_FOUND', `there is no session ${id}: it may have ended`),
    };
  },
  getToken: findToken,
  revokeToken: findToken,
};

async function findToken(id: string, { tokens }: AgentServices): Promise<Thing> {
  const found = (await tokens.list(null)).find((token) => token.id === id);
  // One of the host is nobody's who has only a project.
  return { project: found === undefined ? null : (found.project ?? HOST), missing: noToken(id) };
}

/** No project has this name. */
const HOST = '';

function noToken(id: string): DozeError {
  return new DozeError('TOKEN_NOT_FOUND', `there is no token "${id}"`);
}

/** @throws NOT_ALLOWED for a route without an entry: what nobody has thought of is not for tokens of a project */
export function findThing(routeId: string, id: string, services: AgentServices): Promise<Thing> {
  const find = FINDERS[routeId];
  if (find !== undefined) return find(id, services);
  throw new DozeError('NOT_ALLOWED', `${routeId} is not for tokens of a project`);
}
