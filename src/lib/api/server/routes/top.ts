import { topRoutes } from '../../routes/top.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addTopRoutes(api: RouteAdder, { top }: AgentServices): void {
  api.json(topRoutes.look, ({ query: { project = null } }) => top(project));
}
