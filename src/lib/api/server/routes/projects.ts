import { projectRoutes } from '../../routes/projects.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addProjectRoutes(api: RouteAdder, { projects }: AgentServices): void {
  api.json(projectRoutes.list, ({ query: { project = null } }) => projects.list({ project }));
  api.json(projectRoutes.show, ({ params: { project } }) => projects.show(project));
  api.json(projectRoutes.create, ({ params: { name }, body }) => projects.create(name, body));
  api.json(projectRoutes.set, ({ params: { name }, body }) => projects.set(name, body));
  api.operation(projectRoutes.delete, ({ params: { name }, body }, onProgress) =>
    projects.delete(name, body, onProgress),
  );
}
