import type { ProjectResult, ProjectView, QuotaUseView } from '../../api/client/index.ts';
import { QUOTA_WORDS } from '../../domain/index.ts';
import type { Paint } from '../colour.ts';
import { formatAmount, formatBytes, formatCount, formatInstant } from './format.ts';
import { renderTable } from './table.ts';

interface Look {
  readonly paint: Paint;
  readonly width: number | null;
}

export function projectTable(projects: readonly ProjectView[], { paint, width }: Look): string {
  return renderTable<ProjectView>(
    [
      { title: 'NAME', text: ({ name }) => name },
      { title: 'COMPUTES', text: ({ computes }) => String(computes), align: 'right' },
      { title: 'AWAKE', text: ({ activeComputes }) => String(activeComputes), align: 'right' },
      { title: 'CLOSEST TO ITS LIMIT', text: fullestText, paint: (text, row) => paintLevel(fullest(row), paint)(text) },
      { title: 'TAGS', text: ({ tags }) => tagsText(tags), spare: 1 },
      { title: 'DESCRIPTION', text: ({ description }) => description ?? '', spare: 2 },
    ],
    projects,
    { width, paintTitle: paint.strong },
  );
}

/** Everything about one project, a fact a line, its use next to each limit. */
export function projectDetails(project: ProjectView, paint: Paint): string {
  const { name, description, tags, computes, activeComputes, createdAt, quotas } = project;
  const facts: [string, string][] = [
    ['name', name],
    ...(description === null ? [] : [['description', description] as [string, string]]),
    ['has', `${formatAmount(computes, 'compute')}, ${activeComputes} awake`],
    ...(Object.keys(tags).length === 0 ? [] : [['tags', tagsText(tags)] as [string, string]]),
    ['created', formatInstant(createdAt)],
    ...quotas.map((use): [string, string] => [QUOTA_WORDS[use.quota], paintLevel(use, paint)(useText(use))]),
    ...(quotas.length === 0 ? [['limits', 'none'] as [string, string]] : []),
  ];
  const widest = Math.max(...facts.map(([label]) => label.length));
  return facts.map(([label, text]) => `${paint.faint(label.padEnd(widest))}  ${text}`).join('\n');
}

export function projectSentence({ project: { name }, action, destroyed }: ProjectResult): string {
  const also = destroyed.length === 0 ? '' : `, and its ${formatAmount(destroyed.length, 'compute')} destroyed`;
  switch (action) {
    case 'created':
      return `project ${name} created`;
    case 'changed':
      return `project ${name} changed`;
    case 'deleted':
      return `project ${name} deleted${also}; what it used stays in the ledger`;
    case 'unchanged':
      return `project ${name} is so already`;
  }
}

/** What `--json` gives: the project, and what was done to it. */
export function projectJson({ project, ...rest }: ProjectResult): ProjectView & Omit<ProjectResult, 'project'> {
  return { ...project, ...rest };
}

/** `81 % of 36,000, resets 1 Dec` */
function useText(use: QuotaUseView): string {
  const { resetsAt, suspendsAt } = use;
  return [
    shareText(use),
    ...(resetsAt === null ? [] : [`resets ${dayText(resetsAt)}`]),
    ...(suspendsAt === null ? [] : [`what runs is suspended from ${formatInstant(suspendsAt)} on`]),
  ].join(', ');
}

/** Small numbers say more than a percentage of them. */
function shareText({ quota, used, limit, percent }: QuotaUseView): string {
  if (quota === 'storageBytes') return `${percent} % of ${formatBytes(limit)} (${formatBytes(used)})`;
  if (quota === 'cuPerCompute') return `${limit} at most, the largest has ${used}`;
  if (quota === 'activeSecondsPerMonth' || quota === 'cuSecondsPerMonth') {
    return `${percent} % of ${formatCount(limit)}`;
  }
  return `${formatUnits(used)} of ${formatUnits(limit)}`;
}

function formatUnits(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(value);
}

/** `1 Dec`, UTC, in words that are the same everywhere. */
function dayText(iso: string): string {
  const date = new Date(iso);
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return `${date.getUTCDate()} ${month[date.getUTCMonth()] ?? ''}`;
}

function fullest({ quotas }: ProjectView): QuotaUseView | null {
  return quotas.filter(({ quota }) => quota !== 'cuPerCompute').toSorted((a, b) => b.percent - a.percent)[0] ?? null;
}

function fullestText(project: ProjectView): string {
  const use = fullest(project);
  return use === null ? '-' : `${QUOTA_WORDS[use.quota]} ${shareText(use)}`;
}

function paintLevel(use: QuotaUseView | null, paint: Paint): (text: string) => string {
  if (use === null || use.level === 'fine' || use.quota === 'cuPerCompute') return (text) => text;
  return use.level === 'reached' ? paint.bad : paint.careful;
}

function tagsText(tags: ProjectView['tags']): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
