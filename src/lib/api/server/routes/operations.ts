import { operationRoutes } from '../../routes/operations.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addOperationRoutes(api: RouteAdder, { computes }: AgentServices): void {
  api.operation(operationRoutes.start, ({ params: { project, name }, body }, onProgress, gone) =>
    computes.start(project, name, body, onProgress, gone),
  );
  api.operation(operationRoutes.suspend, ({ params: { project, name }, body }, onProgress) =>
    computes.suspend(project, name, body, onProgress),
  );
  api.operation(operationRoutes.resume, ({ params: { project, name } }, onProgress, gone) =>
    computes.resume(project, name, onProgress, gone),
  );
  api.operation(operationRoutes.restart, ({ params: { project, name }, body }, onProgress, gone) =>
    computes.restart(project, name, body, onProgress, gone),
  );
  api.operation(operationRoutes.resize, ({ params: { project, name }, body }, onProgress) =>
    computes.resize(project, name, body, onProgress),
  );
  api.operation(operationRoutes.set, ({ params: { project, name }, body }, onProgress) =>
    computes.set(project, name, body, onProgress),
  );
  api.operation(operationRoutes.clone, ({ params: { project, name }, body }, onProgress, gone) =>
    computes.clone(project, name, body, onProgress, gone),
  );
  api.operation(operationRoutes.destroy, ({ params: { project, name }, body }, onProgress) =>
    computes.destroy(project, name, body, onProgress),
  );
}
