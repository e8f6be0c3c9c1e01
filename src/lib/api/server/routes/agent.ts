import { agentRoutes } from '../../routes/agent.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addAgentRoutes(api: RouteAdder, { agent, doctor, metrics }: AgentServices, version: string): void {
  api.json(agentRoutes.status, () => agent.status());
  api.json(agentRoutes.stop, ({ reply }) => {
    // Asked for once the answer is out, so that who asked gets it.
    reply.raw.once('close', () => agent.stop());
    return {};
  });
  api.json(agentRoutes.doctor, ({ signal }) => doctor(signal()));
  api.text(agentRoutes.logs, ({ query, signal }) => agent.logs(query, signal()));
  api.text(agentRoutes.metrics, () => metrics());

  // Made by the first who asks: most agents are never asked.
  let document: string | null = null;
  api.text(agentRoutes.document, async () => {
    const { openApiDocument } = await import('../../openapi/index.ts');
    document ??= JSON.stringify(openApiDocument(version));
    return document;
  });
}
