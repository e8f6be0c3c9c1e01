import type { FastifyInstance } from 'fastify';

import type { RouteContext } from '../route-context.ts';
import { signalOf } from '../signal-of.ts';

export function addAgentRoutes(api: FastifyInstance, context: RouteContext): void {
  const { services } = context;
  api.get('/agent', () => services.agent.status());
  api.post('/agent/stop', (_request, reply) => {
    // Asked for once the answer is out, so that who asked gets it.
    reply.raw.once('close', () => services.agent.stop());
    return reply.status(202).send({});
  });
  api.get('/doctor', (_request, reply) => services.doctor(signalOf(reply, context)));
}
