import { poolRoutes } from '../../routes/pools.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addPoolRoutes(api: RouteAdder, { pools }: AgentServices): void {
  api.json(poolRoutes.list, () => pools.list());
  api.operation(poolRoutes.set, ({ body }, onProgress) => pools.set(body, onProgress));
}
