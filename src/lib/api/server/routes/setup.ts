import { setupRoutes } from '../../routes/setup.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addSetupRoutes(api: RouteAdder, { setup }: AgentServices): void {
  api.json(setupRoutes.find, ({ signal }) => setup.find(signal()));
  api.operation(setupRoutes.install, (_input, onProgress) => setup.install(onProgress));
}
