import type { AgentServices } from '../../api/index.ts';
import { monthOf } from '../../domain/index.ts';
import { completeUntil, exportUsage } from '../../metering/index.ts';
import type { Store } from '../../store/index.ts';
import type { AgentCore } from '../running.ts';
import { usageHours } from './usage-hours.ts';

const HOUR_MS = 3_600_000;

export function createExportService(core: AgentCore): AgentServices['usage']['export'] {
  const { store, clock } = core;
  return async function* ({ format, project, sinceMs, untilMs }) {
    const nowMs = clock.wallMs();
    const window = {
      sinceMs: Math.floor((sinceMs ?? monthOf(nowMs).beginMs) / HOUR_MS) * HOUR_MS,
      untilMs: Math.min(Math.floor((untilMs ?? nowMs) / HOUR_MS) * HOUR_MS, completeUntil(nowMs)),
    };
    const whose = project === null ? {} : { project };
    const text = exportUsage(format, window, {
      hours: ({ sinceMs: fromMs, untilMs: toMs }) => usageHours(core, { sinceMs: fromMs, untilMs: toMs, ...whose }),
      cards: store.listRateCards(),
      homeId: store.homeId,
      tagsOf: createTags(store),
    });
    for await (const part of text) {
      if (part !== '') yield part.endsWith('\n') ? part.slice(0, -1) : part;
    }
  };
}

/** Also of projects that are deleted: what they used stays. */
function createTags(store: Store): (project: string) => Readonly<Record<string, string>> {
  const known = new Map<string, Readonly<Record<string, string>>>();
  return (project) => {
    const tags = known.get(project) ?? store.getProject(project)?.tags ?? {};
    known.set(project, tags);
    return tags;
  };
}
