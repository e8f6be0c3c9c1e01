import { imageRoutes } from '../../routes/images.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addImageRoutes(api: RouteAdder, { images }: AgentServices): void {
  api.json(imageRoutes.list, ({ signal }) => images.list(signal()));
  api.operation(imageRoutes.build, ({ body }, onProgress) => images.build(body, onProgress));
}
