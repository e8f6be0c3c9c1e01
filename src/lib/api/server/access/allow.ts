import { coversRole, type Token } from '../../../domain/index.ts';
import { DozeError } from '../../../errors/index.ts';
import type { Caller } from '../../access.ts';
import type { Route } from '../../routes/index.ts';

/** What decides about a request, of the table of routes. */
export type AccessRule = Pick<Route, 'id' | 'role' | 'scope'>;

/** What a request is about. */
export interface Asked {
  /** Of the path. */
  readonly pathProject: string | null;
  /** Of the query. */
  readonly queryProject: string | null;
  /** Of the one thing that the path names by its id; null when there is none. */
  readonly thingProject: string | null;
  /** As if that thing did not exist. */
  readonly missing: DozeError | null;
}

/**
 * Whether the caller may, and what the query's `project` has to be then: null leaves it.
 *
 * A token of a project has one project, and of all others it hears the same, whether they exist or not. So nothing of
 * them can be told from what is refused.
 *
 * @throws PROJECT_NOT_FOUND, what `missing` is, NOT_ALLOWED
 */
export function allow(caller: Caller, rule: AccessRule, asked: Asked): string | null {
  if (caller.kind === 'local') return null;
  const { token } = caller;
  const narrowed = token.project === null ? null : narrow(token, token.project, rule, asked);
  if (coversRole(token.role, rule.role)) return narrowed;
  throw new DozeError(
    'NOT_ALLOWED',
    `the token "${token.name}" has the role "${token.role}", and this takes "${rule.role}"`,
    { details: { has: token.role, needed: rule.role, route: rule.id } },
  );
}

function narrow(token: Token, own: string, rule: AccessRule, asked: Asked): string | null {
  switch (rule.scope) {
    case 'open':
    case 'any':
    case 'self':
      return null;
    case 'path':
      if (asked.pathProject !== own) throw noProject(asked.pathProject, own);
      return null;
    case 'query':
      if (asked.queryProject !== null && asked.queryProject !== own) throw noProject(asked.queryProject, own);
      return own;
    case 'one':
      // What is not there is for the route to say.
      if (asked.thingProject !== null && asked.thingProject !== own) throw asked.missing ?? noProject(null, own);
      return null;
    case 'host':
      throw new DozeError(
        'NOT_ALLOWED',
        `the token "${token.name}" is for the project "${own}", and this is about the whole host`,
        { details: { project: own, route: rule.id } },
      );
  }
}

function noProject(project: string | null, own: string): DozeError {
  return new DozeError('PROJECT_NOT_FOUND', `there is no project "${project ?? ''}"`, {
    hint: `--project ${own} (the only one of this token)`,
  });
}
