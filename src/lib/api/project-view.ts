import { levelOf, QUOTAS, type Project, type QuotaName, type QuotaUse } from '../domain/index.ts';
import type { ProjectView, QuotaUseView } from './contract.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';

/** What is true of a project at this moment. */
export interface ProjectViewFacts {
  readonly project: Project;
  readonly computes: number;
  readonly activeComputes: number;
  readonly quotas: readonly (QuotaUse & {
    readonly resetsAtMs: number | null;
    readonly suspendsAtMs: number | null;
  })[];
}

export function projectView({ project, computes, activeComputes, quotas }: ProjectViewFacts): ProjectView {
  const { name, description, tags, limits, createdAtMs } = project;
  const limitOf = (quota: QuotaName): [QuotaName, number | null] => [quota, limits[quota] ?? null];
  return {
    name,
    description,
    tags: { ...tags },
    limits: Object.fromEntries(QUOTAS.map(limitOf)) as ProjectView['limits'],
    quotas: quotas.map(quotaView),
    computes,
    activeComputes,
    createdAt: isoTime(createdAtMs),
  };
}

function quotaView({ quota, limit, used, resetsAtMs, suspendsAtMs }: ProjectViewFacts['quotas'][number]): QuotaUseView {
  return {
    quota,
    limit,
    used,
    percent: limit === 0 ? 100 : Math.floor((used / limit) * 100),
    level: levelOf({ used, limit }) ?? 'fine',
    resetsAt: isoTimeOrNull(resetsAtMs),
    suspendsAt: isoTimeOrNull(suspendsAtMs),
  };
}
