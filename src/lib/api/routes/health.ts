import { healthSchema, readinessSchema } from '../contract.ts';
import { jsonRoute } from './route.ts';

/** For whoever watches the agent: anybody may ask. */
export const healthRoutes = {
  health: jsonRoute({
    method: 'GET',
    path: '/health',
    id: 'getHealth',
    summary: 'Whether the agent answers: if not, it is to be started anew',
    role: 'read',
    scope: 'open',
    answer: healthSchema,
  }),
  ready: jsonRoute({
    method: 'GET',
    path: '/ready',
    id: 'getReadiness',
    summary:
      'Whether computes can be started and reached: the records can be written, the gateway listens, a driver works',
    role: 'read',
    scope: 'open',
    answer: readinessSchema,
    errors: ['NOT_READY'],
  }),
};
