import { Counter, type Registry } from 'prom-client';

import { WAKE_BOUNDS_MS, type Segment } from '../../domain/index.ts';
import type { Store, UsageSum } from '../../store/index.ts';

/** More series than that nobody reads, and every one of them costs whoever collects them. */
const MAX_COMPUTES = 100;
const MAX_PROJECTS = 50;
/** Beyond any ledger. */
const EVER = { fromMs: 0, toMs: Date.UTC(9000, 0) };

type LedgerReader = Pick<Store, 'usageSums' | 'openSegments' | 'listComputes'>;

interface Labels {
  readonly project: string;
  readonly compute: string;
}

/**
 * The ledger's meters since its beginning: they go on where they were when the agent is started anew. Each compute that exists
 * has its own series, and a project's destroyed ones share the one whose compute is empty; so do all where there are more than
 * a hundred, and all projects the empty one where there are more than fifty.
 * @returns the histogram of wakes, as text: the library has none that is not observed
 */
export function addUsageMetrics(
  registry: Registry,
  reader: LedgerReader,
  openLengthMs: (segment: Segment) => number,
): string {
  const sums = reader.usageSums(EVER, { byCompute: true, per: null });
  const labelsOf = labeller(reader, sums);
  const count = counters(registry);
  for (const sum of sums) {
    if (sum.owner === null) continue;
    const labels = labelsOf(sum.owner);
    count.active(labels, sum.activeMs, sum.quarterCuMs);
    count.asleep(labels, 'frozen', sum.frozenMs);
    count.asleep(labels, 'hibernated', sum.hibernatedMs);
    count.rest(labels, sum);
  }
  for (const segment of reader.openSegments(EVER)) {
    const labels = labelsOf(segment);
    const lengthMs = Math.max(0, openLengthMs(segment));
    if (segment.depth === null) count.active(labels, lengthMs, lengthMs * segment.cu * 4);
    else count.asleep(labels, segment.depth, lengthMs);
  }
  return wakeHistogram(sums);
}

function labeller(
  reader: LedgerReader,
  sums: readonly UsageSum[],
): (owner: Pick<Segment, 'computeId' | 'computeName' | 'project'>) => Labels {
  const live = new Set(reader.listComputes().map(({ id }) => id));
  const projects = new Set(sums.map(({ owner }) => owner?.project));
  return ({ computeId, computeName, project }) => ({
    project: projects.size <= MAX_PROJECTS ? project : '',
    compute: live.size <= MAX_COMPUTES && live.has(computeId) ? computeName : '',
  });
}

function counters(registry: Registry) {
  const registers = [registry];
  const labelNames = ['project', 'compute'] as const;
  const counter = (name: string, help: string): Counter<'project' | 'compute'> =>
    new Counter({ name, help, labelNames, registers });
  const active = counter('doze_active_seconds_total', 'Seconds that computes were active.');
  const cu = counter('doze_cu_seconds_total', 'Compute units times the seconds that they were active.');
  const asleep = new Counter({
    name: 'doze_asleep_seconds_total',
    help: 'Seconds asleep with the process kept: frozen in memory, or hibernated in swap.',
    labelNames: [...labelNames, 'depth'] as const,
    registers,
  });
  const storage = counter(
    'doze_storage_byte_seconds_total',
    'Bytes of data and snapshots times the seconds they were kept.',
  );
  const queries = counter('doze_queries_total', 'Commands of clients, pings excepted.');
  const bytes = new Counter({
    name: 'doze_client_bytes_total',
    help: 'Bytes of clients at the gateway after their login, from them (in) and to them (out).',
    labelNames: [...labelNames, 'direction'] as const,
    registers,
  });
  return {
    active: (labels: Labels, activeMs: number, quarterCuMs: number): void => {
      active.inc({ ...labels }, activeMs / 1000);
      cu.inc({ ...labels }, quarterCuMs / 4000);
    },
    asleep: (labels: Labels, depth: string, ms: number): void => asleep.inc({ ...labels, depth }, ms / 1000),
    rest: (labels: Labels, sum: UsageSum): void => {
      storage.inc({ ...labels }, Number(sum.storageByteSeconds));
      queries.inc({ ...labels }, sum.queries);
      bytes.inc({ ...labels, direction: 'in' }, sum.bytesIn);
      bytes.inc({ ...labels, direction: 'out' }, sum.bytesOut);
    },
  };
}

/** Of all computes together: it is about the host. */
function wakeHistogram(sums: readonly UsageSum[]): string {
  const name = 'doze_wake_duration_seconds';
  const bounds = [...WAKE_BOUNDS_MS.map((bound) => String(bound / 1000)), '+Inf'];
  let wakes = 0;
  const buckets = bounds.map((bound, bucket) => {
    wakes += sums.reduce((sum, { wakeCounts }) => sum + (wakeCounts[bucket] ?? 0), 0);
    return `${name}_bucket{le="${bound}"} ${wakes}`;
  });
  const wakeMs = sums.reduce((sum, each) => sum + each.wakeMs, 0);
  return [
    `# HELP ${name} How long wakes took, from the request to a server that answers.`,
    `# TYPE ${name} histogram`,
    ...buckets,
    `${name}_sum ${wakeMs / 1000}`,
    `${name}_count ${wakes}`,
    '',
  ].join('\n');
}
