import { sessionRoutes } from '../../routes/sessions.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addSessionRoutes(api: RouteAdder, { sessions }: AgentServices): void {
  api.json(sessionRoutes.list, ({ query: { project = null, compute = null } }) => sessions.list({ project, compute }));
  api.json(sessionRoutes.kill, ({ params: { id } }) => sessions.kill(id));
}
