import { parseMonth } from '../../../domain/index.ts';
import { DozeError } from '../../../errors/index.ts';
import { usageRoutes } from '../../routes/usage.ts';
import type { AgentServices } from '../../services.ts';
import type { RouteAdder } from '../add-route.ts';

export function addUsageRoutes(api: RouteAdder, { usage }: AgentServices): void {
  api.json(usageRoutes.report, ({ query: { project = null, compute = null, since, until, by, activity = null } }) =>
    usage.report({ project, compute, by, activity, ...readWindow(since, until) }),
  );
  api.json(usageRoutes.bill, ({ query: { project, month, alwaysOn } }) =>
    usage.bill({ project, month: parseMonth(month), isAlwaysOn: alwaysOn }),
  );
  api.text(usageRoutes.export, ({ query: { format, project = null, since, until } }) =>
    usage.export({ format, project, ...readWindow(since, until) }),
  );
  api.operation(usageRoutes.push, ({ body }, onProgress, gone) => usage.push(body, onProgress, gone));
}

/** @throws TIME_INVALID */
function readWindow(since: string | undefined, until: string | undefined) {
  const sinceMs = since === undefined ? null : Date.parse(since);
  const untilMs = until === undefined ? null : Date.parse(until);
  if (sinceMs === null || untilMs === null || sinceMs < untilMs) return { sinceMs, untilMs };
  throw new DozeError('TIME_INVALID', `the window from ${since} to ${until} has no length`, {
    hint: 'give a --since that is before --until',
  });
}
