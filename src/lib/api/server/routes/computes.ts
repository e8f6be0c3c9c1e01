import { computeRoutes } from '../../routes/computes.ts';
import type { AgentServices } from '../../services.ts';
import { pageOf } from '../page.ts';
import { written } from '../written.ts';
import type { RouteAdder } from '../add-route.ts';

export function addComputeRoutes(api: RouteAdder, { computes }: AgentServices): void {
  api.json(computeRoutes.list, async ({ query, reply }) => {
    const { project = null, destroyed } = query;
    const asked = { project, includeDestroyed: destroyed };
    if (query.limit === undefined && query.cursor === undefined) return written(await computes.listWritten(asked));
    const views = await computes.list(asked);
    return pageOf(reply, views, query, (view) => [view.project, view.name, view.createdAt, view.id]);
  });
  api.json(computeRoutes.show, ({ params: { project, name }, signal }) => computes.show(project, name, signal()));
  api.json(computeRoutes.connection, ({ params: { project, name }, query }) =>
    computes.connection(project, name, query.as),
  );
  api.json(computeRoutes.wait, ({ params: { project, name }, query: { state = null, timeoutSeconds }, signal }) =>
    computes.wait(project, name, { state, timeoutMs: timeoutSeconds * 1000 }, signal()),
  );
  api.text(computeRoutes.logs, ({ params: { project, name }, query, signal }) =>
    computes.logs(project, name, query, signal()),
  );
}
