import { eventRoutes } from '../../routes/events.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addEventRoutes(api: RouteAdder, { events }: AgentServices): void {
  api.json(eventRoutes.list, ({ query: { project = null, compute = null, after = null, limit } }) =>
    events.list({ project, compute, afterSeq: after, limit }),
  );
}
