import { snapshotRoutes } from '../../routes/snapshots.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addSnapshotRoutes(api: RouteAdder, { computes: { snapshots } }: AgentServices): void {
  api.json(snapshotRoutes.list, ({ params: { project, name } }) => snapshots.list(project, name));
  api.operation(snapshotRoutes.create, ({ params: { project, name }, body }, onProgress) =>
    snapshots.create(project, name, body, onProgress),
  );
  api.operation(snapshotRoutes.restore, ({ params: { project, name, snapshot } }, onProgress, gone) =>
    snapshots.restore(project, name, snapshot, onProgress, gone),
  );
  api.operation(snapshotRoutes.delete, ({ params: { project, name, snapshot } }) =>
    snapshots.delete(project, name, snapshot),
  );
}
