import { DozeError } from '../../../errors/index.ts';
import { usageRoutes } from '../../routes/usage.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addUsageRoutes(api: RouteAdder, { usage }: AgentServices): void {
  api.json(usageRoutes.report, ({ query: { project = null, compute = null, since, until, by, activity = null } }) => {
    const sinceMs = since === undefined ? null : Date.parse(since);
    const untilMs = until === undefined ? null : Date.parse(until);
    if (sinceMs !== null && untilMs !== null && sinceMs >= untilMs) {
      throw new DozeError('TIME_INVALID', `the window from ${since} to ${until} has no length`, {
        hint: 'give a --since that is before --until',
      });
    }
    return usage.report({ project, compute, sinceMs, untilMs, by, activity });
  });
}
