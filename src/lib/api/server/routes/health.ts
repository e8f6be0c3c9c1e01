import { healthRoutes } from '../../routes/health.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addHealthRoutes(api: RouteAdder, { ready }: AgentServices): void {
  api.json(healthRoutes.health, () => ({ status: 'ok' as const }));
  api.json(healthRoutes.ready, () => ready());
}
