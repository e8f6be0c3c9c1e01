import type { StorageEndpointView, StorageView } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import type { Paint } from '../colour.ts';
import { formatBytes, formatCount, formatInstant } from './format.ts';
import { adviceFor } from './storage-advice.ts';
import { consequencesOf } from './storage-consequences.ts';
import { renderTable, type Column } from './table.ts';

export interface StorageStatusOptions {
  readonly nowMs: number;
  readonly paint: Paint;
  readonly width: number | null;
}

type Verdict = StorageView['verdict'];

/** What a person on call has to know: how it is, since when, who is behind, and what to do. Worst first. */
export function storageStatus(services: readonly StorageView[], options: StorageStatusOptions): string {
  return services
    .toSorted((a, b) => SEVERITY.indexOf(b.verdict) - SEVERITY.indexOf(a.verdict))
    .map((service) => serviceScreen(service, options))
    .join('\n\n');
}

/** 0 healthy, 1 degraded or unknown, 8 unavailable; the worst of them. */
export function storageExitCode(services: readonly StorageView[]): number {
  const codes: Readonly<Record<Verdict, number>> = { healthy: 0, degraded: 1, unknown: 1, unavailable: 8 };
  return Math.max(0, ...services.map(({ verdict }) => codes[verdict]));
}

export function paintVerdict(verdict: Verdict, paint: Paint): (text: string) => string {
  const styles = { healthy: paint.good, degraded: paint.careful, unknown: paint.careful, unavailable: paint.bad };
  return styles[verdict];
}

const MOST_CHANGES = 5;

const SEVERITY: readonly Verdict[] = ['healthy', 'degraded', 'unknown', 'unavailable'];

function serviceScreen(service: StorageView, { nowMs, paint, width }: StorageStatusOptions): string {
  const { name, kind, flavour, verdict, since, findings } = service;
  const what = kind === 'pageServer' ? 'Page Server' : 'Safekeepers';
  const forTime = formatDuration(Math.max(0, nowMs - Date.parse(since)));
  const head = `${paint.strong(`${what} ${name}`)} (${flavour}): ${paintVerdict(verdict, paint)(verdict)} for ${forTime}`;
  const table = renderTable(columnsFor(service), service.endpoints, { width, paintTitle: paint.strong });
  const said = findings.map(
    (finding) =>
      `${paintVerdict(finding.verdict, paint)(finding.verdict.padEnd(11))}  ` +
      (finding.endpoint === null ? finding.message : `${finding.endpoint} ${finding.message}`),
  );
  const advice = adviceFor(service);
  const next = advice === null ? [] : [`${paint.strong('Next:')} ${advice}`];
  return [
    head,
    ...summaryOf(service),
    ...indented(table),
    ...[...said, ...consequencesOf(service)].map((line) => `  ${line}`),
    ...next.map((line) => `  ${line}`),
    ...historyOf(service),
  ].join('\n');
}

/** Its last changes, once there was more than the first verdict. */
function historyOf({ history }: StorageView): string[] {
  if (history.length < 2) return [];
  const changes = history.slice(-MOST_CHANGES).toReversed();
  return [
    '  Last changes:',
    ...changes.map(
      ({ at, verdict, message }) => `    ${[formatInstant(at), verdict, message].filter(Boolean).join('  ')}`,
    ),
  ];
}

function indented(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `  ${line}`);
}

function summaryOf({ group, safekeepers, lag }: StorageView): string[] {
  if (group !== null) {
    const { answering, replicas, quorum, leader, term } = group;
    const who = leader === null ? '' : `; ${leader} leads${term === null ? '' : ` in term ${term}`}`;
    return [`  ${answering} of ${replicas} replicas answer, ${quorum} must${who}`];
  }
  if (safekeepers === null) return [];
  return [`  follows the Safekeepers ${safekeepers}, ${lag === null ? 'nobody knows how far behind' : behind(lag)}`];
}

function behind(lag: number): string {
  return lag === 0 ? 'level with them' : `${formatBytes(lag)} of log behind`;
}

function columnsFor({ kind, endpoints }: StorageView): Column<StorageEndpointView>[] {
  const isGroup = kind === 'safekeepers';
  const none = '-';
  return [
    { title: isGroup ? 'REPLICA' : 'ENDPOINT', text: ({ url }) => url },
    { title: 'STATE', text: ({ state }) => state },
    ...(isGroup
      ? [
          { title: 'ROLE', text: ({ role }: StorageEndpointView) => role ?? none },
          {
            title: 'TERM',
            text: ({ term }: StorageEndpointView) => String(term ?? none),
            align: 'right' as const,
            spare: 4,
          },
        ]
      : []),
    {
      title: 'LSN',
      text: ({ latestLsn }) => (latestLsn === null ? none : formatCount(latestLsn)),
      align: 'right',
      spare: 3,
    },
    ...(endpoints.some(({ diskUsedBytes }) => diskUsedBytes !== null)
      ? [
          {
            title: 'ON DISK',
            text: ({ diskUsedBytes }: StorageEndpointView) =>
              diskUsedBytes === null ? none : formatBytes(diskUsedBytes),
            align: 'right' as const,
            spare: 5,
          },
        ]
      : []),
    { title: 'BEHIND', text: ({ lag }) => (lag === null ? none : formatBytes(lag)), align: 'right' },
    {
      title: 'TOOK',
      text: ({ latencyMs }) => (latencyMs === null ? none : `${latencyMs} ms`),
      align: 'right',
      spare: 2,
    },
    { title: 'LAST ERROR', text: ({ lastError }) => formatInstant(lastError?.at ?? null) || none, spare: 1 },
  ];
}
