import { rateRoutes } from '../../routes/rates.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addRateRoutes(api: RouteAdder, { rates }: AgentServices): void {
  api.json(rateRoutes.list, ({ query: { project = null } }) => rates.list({ project }));
  api.json(rateRoutes.add, ({ params, body }) => rates.add(params.name, body));
}
