import { storageRoutes } from '../../routes/storage.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addStorageRoutes(api: RouteAdder, { storage }: AgentServices): void {
  api.json(storageRoutes.list, () => storage.list());
  api.json(storageRoutes.show, ({ params: { name } }) => storage.show(name));
  api.json(storageRoutes.add, ({ params: { name }, body, signal }) => storage.add(name, body, signal()));
  api.json(storageRoutes.check, ({ params: { name } }) => storage.check(name));
  api.json(storageRoutes.remove, async ({ params: { name } }) => {
    await storage.remove(name);
    return {};
  });
  api.json(storageRoutes.listSnapshots, ({ params: { name }, signal }) => storage.snapshots.list(name, signal()));
  api.json(storageRoutes.showSnapshot, ({ params: { name, id }, signal }) =>
    storage.snapshots.show(name, id, signal()),
  );
  api.json(storageRoutes.createSnapshot, ({ params: { name }, body, signal }) =>
    storage.snapshots.create(name, body, signal()),
  );
}
