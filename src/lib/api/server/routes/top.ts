import { topRoutes } from '../../routes/top.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addTopRoutes(api: RouteAdder, { top }: AgentServices): void {
  api.json(topRoutes.look, async ({ query: { project = null }, caller }) => {
    const look = await top(project);
    const who = caller();
    // How much of the host is awake says what others do.
    return who.kind === 'token' && who.token.project !== null ? { ...look, hosts: [] } : look;
  });
}
