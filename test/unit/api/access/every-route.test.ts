import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { AgentServices } from '../../../../src/lib/api/index.ts';
import { ALL_ROUTES, type Route } from '../../../../src/lib/api/routes/index.ts';
import { createSystemClock } from '../../../../src/lib/clock.ts';
import { coversRole, ROLES, type Role } from '../../../../src/lib/domain/index.ts';
import { DozeError } from '../../../../src/lib/errors/index.ts';
import { fakeServices } from '../fake-services.ts';
import { serveRemote, type RemoteServer } from './remote-server.ts';

/** Services that note that a route got as far as them, whatever they were asked. */
function watchedServices(): { readonly services: AgentServices; readonly reached: string[] } {
  const reached: string[] = [];
  const watch = <Part extends object>(part: Part, name: string): Part =>
    new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        const path = `${name}.${String(key)}`;
        if (typeof value === 'function') {
          return (...given: unknown[]) => {
            if (path === 'sessions.list' && given.length === 1) return Promise.resolve([]);
            if (path === 'tokens.list') return Promise.resolve([]);
            reached.push(path);
            // It is called behind its answer.
            if (path === 'agent.stop') return undefined;
            throw new Error('reached');
          };
        }
        return typeof value === 'object' && value !== null ? watch(value, path) : value;
      },
    });
  const services = fakeServices();
  const watched = Object.fromEntries(
    Object.entries(services).map(([name, part]) => [
      name,
      typeof part === 'function' ? watch({ call: part }, name).call : watch(part as object, name),
    ]),
  );
  return { services: watched as unknown as AgentServices, reached };
}

/** A request of a route, about a project. */
function requestOf(route: Route, project: string) {
  const path = route.path
    .replace(':project', project)
    .replaceAll(/:id/g, '1')
    .replaceAll(/:(\w+)/g, 'x');
  const query = route.scope === 'query' ? `?project=${project}` : '';
  return { path: `/v1${path}${query}`, method: route.method, ...(route.method === 'GET' ? {} : { body: '{}' }) };
}

const REFUSALS = ['NOT_ALLOWED', 'TOKEN_REFUSED', 'PROJECT_NOT_FOUND'];

function codeOf(body: unknown): string | null {
  return (body as { code?: string } | null)?.code ?? null;
}

let server: RemoteServer;
const watched = watchedServices();
const secrets = new Map<string, string>();

beforeAll(async () => {
  // Refusals are held back by a clock that does not wait.
  const clock = { ...createSystemClock(), sleep: () => Promise.resolve() };
  server = await serveRemote(watched.services, { clock });
  for (const role of ROLES) {
    secrets.set(`host ${role}`, server.token(role, role, null).secret);
    secrets.set(`project ${role}`, server.token(role, role, 'shop').secret);
  }
});
afterAll(() => server[Symbol.asyncDispose]());

const secretOf = (kind: 'host' | 'project', role: Role): string => secrets.get(`${kind} ${role}`) ?? '';
const CLOSED = ALL_ROUTES.filter(({ scope }) => scope !== 'open');

describe.each(CLOSED.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_title, route) => {
  it('is for nobody without a token', async () => {
    const { status, body } = await server.ask(requestOf(route, 'shop').path, { ...requestOf(route, 'shop') });
    expect([status, codeOf(body)]).toEqual([401, 'TOKEN_REFUSED']);
  });

  it.each(ROLES)('is for a token of the host with the role %s if that covers its own', async (role) => {
    const answer = await server.ask(requestOf(route, 'shop').path, {
      ...requestOf(route, 'shop'),
      token: secretOf('host', role),
    });
    if (coversRole(role, route.role)) expect(REFUSALS).not.toContain(codeOf(answer.body));
    else expect([answer.status, codeOf(answer.body)]).toEqual([403, 'NOT_ALLOWED']);
  });

  it.each(ROLES)('is for a token of the project with the role %s in its project at most', async (role) => {
    const answer = await server.ask(requestOf(route, 'shop').path, {
      ...requestOf(route, 'shop'),
      token: secretOf('project', role),
    });
    if (route.scope !== 'host' && coversRole(role, route.role)) expect(REFUSALS).not.toContain(codeOf(answer.body));
    else expect([answer.status, codeOf(answer.body)]).toEqual([403, 'NOT_ALLOWED']);
  });

  it.each(ROLES)('does nothing in another project for a token with the role %s', async (role) => {
    watched.reached.length = 0;
    const answer = await server.ask(requestOf(route, 'other').path, {
      ...requestOf(route, 'other'),
      token: secretOf('project', role),
    });
    if (route.scope === 'path' || route.scope === 'query') {
      expect(answer).toMatchObject({ status: 404, body: { code: 'PROJECT_NOT_FOUND' } });
      expect(watched.reached).toEqual([]);
    } else if (route.scope === 'host') {
      expect(answer).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
      expect(watched.reached).toEqual([]);
    } else {
      // What it is about is found by its id: see `one-thing.test.ts`.
      expect(['any', 'one', 'self']).toContain(route.scope);
    }
  });

  it('may be asked by the owner of the socket', async () => {
    const { body } = await server.askLocally(requestOf(route, 'other').path, { ...requestOf(route, 'other') });
    expect(REFUSALS).not.toContain(codeOf(body));
  });
});

describe('the table of routes', () => {
  it('has an entry for the owner of each thing that has only an id', async () => {
    const { findThing } = await import('../../../../src/lib/api/server/access/things.ts');
    const missing = () => new DozeError('OPERATION_NOT_FOUND', 'none');
    const places = { services: watched.services, book: { find: () => null, missing } };
    for (const { id, scope } of ALL_ROUTES) {
      if (scope !== 'one') continue;
      expect(await findThing(id, '1', places), id).toMatchObject({ project: null });
    }
    expect(() => findThing('getAgent', '1', places)).toThrow('not for tokens of a project');
  });

  it('opens to anybody only what says nothing', () => {
    const open = ALL_ROUTES.filter(({ scope }) => scope === 'open').map(({ id }) => id);
    expect(open.filter((id) => !['getHealth', 'getReadiness'].includes(id))).toEqual([]);
    const forAny = ALL_ROUTES.filter(({ scope }) => scope === 'any').map(({ id }) => id);
    expect(forAny).toEqual(['getOpenApi']);
  });
});
