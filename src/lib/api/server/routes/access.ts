import { accessRoutes } from '../../routes/access.ts';
import type { AgentServices } from '../../services.ts';
import { noteTarget } from '../access/audit-requests.ts';
import type { RouteAdder } from '../add-route.ts';

export function addAccessRoutes(api: RouteAdder, { tokens, audit }: AgentServices): void {
  api.json(accessRoutes.self, ({ caller }) => tokens.self(caller()));
  api.json(accessRoutes.list, ({ query: { project = null } }) => tokens.list(project));
  api.json(accessRoutes.show, ({ params: { id } }) => tokens.show(id));
  api.json(accessRoutes.create, async ({ body, caller, reply }) => {
    const made = await tokens.create(body, caller());
    noteTarget(reply, `${made.name} (${made.id})`);
    return made;
  });
  api.json(accessRoutes.revoke, ({ params: { id } }) => tokens.revoke(id));
  api.json(accessRoutes.audit, ({ query: { project = null, token = null, failed, after = null, limit } }) =>
    audit.list({ project, tokenId: token, isFailed: failed, afterSeq: after, limit }),
  );
}
