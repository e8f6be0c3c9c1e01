import type { AgentServices } from '../../api/index.ts';
import { monthOf } from '../../domain/index.ts';
import { completeUntil, exportUsage } from '../../metering/index.ts';
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
    const tags = new Map(store.listProjects().map(({ name, tags: its }) => [name, its]));
    const whose = project === null ? {} : { project };
    const text = exportUsage(format, window, {
      hours: ({ sinceMs: fromMs, untilMs: toMs }) => usageHours(core, { sinceMs: fromMs, untilMs: toMs, ...whose }),
      cards: store.listRateCards(),
      homeId: store.homeId,
      tagsOf: (of) => tags.get(of) ?? {},
    });
    for await (const part of text) {
      if (part !== '') yield part.endsWith('\n') ? part.slice(0, -1) : part;
    }
  };
}
