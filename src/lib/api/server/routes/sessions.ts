import { sessionRoutes } from '../../routes/sessions.ts';
import type { AgentServices } from '../../services.ts';
import { pageOf } from '../page.ts';
import type { RouteAdder } from '../add-route.ts';

export function addSessionRoutes(api: RouteAdder, { sessions }: AgentServices): void {
  api.json(sessionRoutes.list, async ({ query, reply }) => {
    const { project = null, compute = null } = query;
    return pageOf(reply, await sessions.list({ project, compute }), query, ({ id }) => [id]);
  });
  api.json(sessionRoutes.kill, ({ params: { id } }) => sessions.kill(id));
}
