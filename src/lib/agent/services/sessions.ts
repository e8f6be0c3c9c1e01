import { sessionView, type AgentServices } from '../../api/index.ts';
import type { AgentCore } from '../running.ts';

/** Clients' sessions at the gateway. */
export function createSessionServices(core: AgentCore): AgentServices['sessions'] {
  return {
    async list({ project, compute }) {
      const { control } = await core.running;
      return (await control.operations.listSessions({ project, name: compute })).map(sessionView);
    },
    async kill(id) {
      const { control } = await core.running;
      const { session, notes } = await control.operations.killSession(id);
      return { session: sessionView(session), notes: [...notes] };
    },
  };
}
