import { setupSchema } from '../contract.ts';
import { jsonRoute, operationRoute } from './route.ts';

export const setupRoutes = {
  find: jsonRoute({
    method: 'GET',
    path: '/setup',
    id: 'getSetup',
    summary: 'What a new compute would run on, and what could be installed where there is nothing',
    role: 'read',
    scope: 'host',
    answer: setupSchema,
    errors: ['DOCKER_UNAVAILABLE', 'TIMED_OUT'],
  }),
  install: operationRoute({
    method: 'POST',
    path: '/setup/install',
    id: 'installServer',
    summary: "Install a database server with the system's package manager, unless something can be used already",
    role: 'admin',
    scope: 'host',
    answer: setupSchema,
    errors: ['INSTALL_FAILED', 'TIMED_OUT'],
  }),
};
