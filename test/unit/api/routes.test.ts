import { describe, expect, it } from 'vitest';

import { ALL_ROUTES, type Route } from '../../../src/lib/api/routes/index.ts';
import { fakeServices } from './fake-services.ts';
import { serve } from './served.ts';

/** A request of the route that gets as far as its parameters. */
function exampleOf({ method, path }: Route): readonly [string, string] {
  return [method, `/v1${path.replaceAll(/:(id)/g, '1').replaceAll(/:(\w+)/g, 'x')}`];
}

/** Only look, and at what is not for everybody who may look. */
const SECRETIVE = ['getConnection', 'listTokens', 'getToken', 'listAudit'];

describe('the table of routes', () => {
  it('is what the server answers to, all of it', async () => {
    await using api = await serve(fakeServices({ agent: { stop: () => undefined } }));
    for (const route of ALL_ROUTES) {
      const [method, path] = exampleOf(route);
      const { body } = await api.raw(method, path, method === 'POST' ? '{}' : undefined);
      expect(JSON.stringify(body), route.id).not.toContain('ROUTE_NOT_FOUND');
    }
  });

  it('has each id and each request once', () => {
    const requests = ALL_ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(requests).size).toBe(requests.length);
    expect(new Set(ALL_ROUTES.map(({ id }) => id)).size).toBe(ALL_ROUTES.length);
  });

  it('lets no reader change anything, and takes each project from where its scope says', () => {
    for (const route of ALL_ROUTES) {
      const mayAsk = route.method === 'GET' || route.id === 'checkStorage';
      expect(route.role === 'read', route.id).toBe(mayAsk && !SECRETIVE.includes(route.id));
      expect(route.path.includes('/:project'), route.id).toBe(route.scope === 'path');
      expect(keysOf(route.query).includes('project'), route.id).toBe(route.scope === 'query');
    }
  });

  it('is all that the server lets itself be given', async () => {
    const { createRouteAdder, requireOnlyRoutes } = await import('../../../src/lib/api/server/add-route.ts');
    const { fastify } = await import('fastify');
    const server = fastify();
    requireOnlyRoutes(server);
    const [first] = ALL_ROUTES as readonly Route<'json'>[];
    const adder = createRouteAdder(server, {} as never);
    adder.json(first!, () => ({}));
    expect(() => adder.json({ ...first!, path: '/other' }, () => ({}))).toThrow('GET /other is not in the table');
    expect(() => server.get('/another', () => 'x')).toThrow('GET /another is not in the table');
  });
});

function keysOf(schema: Route['query']): string[] {
  return Object.keys((schema as unknown as { shape: object }).shape);
}
