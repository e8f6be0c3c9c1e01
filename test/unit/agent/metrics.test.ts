import { describe, expect, it } from 'vitest';

import { metricsText } from '../../../src/lib/agent/metrics/metrics-text.ts';
import type { AgentCore } from '../../../src/lib/agent/running.ts';
import type { ConnectionPoolState } from '../../../src/lib/control/index.ts';
import type { EndpointFacts, EndpointHealth, State, Verdict } from '../../../src/lib/domain/index.ts';
import type { ServiceWatch } from '../../../src/lib/storage/index.ts';

interface Scene {
  readonly computes?: readonly State[];
  readonly watches?: readonly ServiceWatch[];
  /** Of each compute. */
  readonly pool?: ConnectionPoolState;
}

async function samples({ computes = [], watches = [], pool }: Scene): Promise<string[]> {
  const pools = new Map(pool === undefined ? [] : computes.map((_, index) => [String(index), pool] as const));
  const gateway = { connectionPools: () => Promise.resolve(pools) };
  const core = {
    running: Promise.resolve({ storage: { list: () => watches }, gateway, control: { openLengthMs: () => 0 } }),
    store: { listComputes: () => computes.map((state) => ({ state })), usageSums: () => [], openSegments: () => [] },
  } as unknown as AgentCore;
  return (await metricsText(core)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

function watchOf(
  name: string,
  verdict: Verdict,
  endpoints: readonly EndpointHealth[],
  lag: number | null,
): ServiceWatch {
  return {
    service: { name, kind: 'pageServer' },
    health: () => ({ verdict, lag, endpoints }),
    verdictChanges: () => 3,
  } as unknown as ServiceWatch;
}

function endpoint(url: string, facts: Partial<EndpointFacts> | null): EndpointHealth {
  const outcome = facts === null ? { kind: 'failed' } : { kind: 'answered', facts };
  return { endpoint: url, last: { latencyMs: 2.5, outcome } } as unknown as EndpointHealth;
}

describe('the metrics', () => {
  it('count the computes of every state, those without one too', async () => {
    const found = await samples({ computes: ['active', 'suspended', 'active'] });
    expect(found).toContain('doze_computes{state="active"} 2');
    expect(found).toContain('doze_computes{state="suspended"} 1');
    expect(found).toContain('doze_computes{state="failed"} 0');
  });

  it('tell the verdict, its changes, and what each endpoint said', async () => {
    const page = endpoint('http://ps-1:8080', { kind: 'pageServer', latestLsn: 1000, diskUsageBytes: 4096 });
    const found = await samples({ watches: [watchOf('ps-main', 'degraded', [page], 77)] });
    expect(found.filter((line) => line.startsWith('doze_storage'))).toEqual([
      'doze_storage_verdict{service="ps-main",kind="pageServer",verdict="healthy"} 0',
      'doze_storage_verdict{service="ps-main",kind="pageServer",verdict="degraded"} 1',
      'doze_storage_verdict{service="ps-main",kind="pageServer",verdict="unknown"} 0',
      'doze_storage_verdict{service="ps-main",kind="pageServer",verdict="unavailable"} 0',
      'doze_storage_verdict_changes_total{service="ps-main"} 3',
      'doze_storage_lag_bytes{service="ps-main"} 77',
      'doze_storage_endpoint_up{service="ps-main",endpoint="http://ps-1:8080"} 1',
      'doze_storage_endpoint_latency_seconds{service="ps-main",endpoint="http://ps-1:8080"} 0.0025',
      'doze_storage_endpoint_lsn_bytes{service="ps-main",endpoint="http://ps-1:8080"} 1000',
      'doze_storage_endpoint_disk_used_bytes{service="ps-main",endpoint="http://ps-1:8080"} 4096',
    ]);
  });

  it('say nothing of what is not known', async () => {
    const unseen = { endpoint: 'http://ps-2:8080', last: null, lastError: null, lag: null };
    const silent = endpoint('http://ps-1:8080', null);
    const found = await samples({ watches: [watchOf('ps-main', 'unavailable', [silent, unseen], null)] });
    expect(found.filter((line) => line.includes('endpoint') || line.includes('lag'))).toEqual([
      'doze_storage_endpoint_up{service="ps-main",endpoint="http://ps-1:8080"} 0',
      'doze_storage_endpoint_latency_seconds{service="ps-main",endpoint="http://ps-1:8080"} 0.0025',
    ]);
  });

  it('add up the connections that sessions share', async () => {
    const times = { count: 3, p50Ms: 2, maxMs: 1500 };
    const state = { size: 20, inUse: 5, pinned: 2, idle: 4, waiting: 7, switches: 30, refusals: 1 };
    const found = await samples({ computes: ['active', 'active'], pool: { ...state, waited: null, held: times } });
    expect(found.filter((line) => line.startsWith('doze_shared'))).toEqual([
      'doze_shared_connections{use="active"} 6',
      'doze_shared_connections{use="pinned"} 4',
      'doze_shared_connections{use="idle"} 8',
      'doze_shared_connections_waiting 14',
      'doze_shared_connections_longest_seconds{what="waited"} 0',
      'doze_shared_connections_longest_seconds{what="held"} 1.5',
      'doze_shared_connections_switches_total 60',
      'doze_shared_connections_refusals_total 2',
    ]);
  });

  it('have a help text and a type each', async () => {
    const core = {
      running: Promise.resolve({
        storage: { list: () => [] },
        gateway: { connectionPools: () => Promise.resolve(new Map()) },
        control: { openLengthMs: () => 0 },
      }),
      store: { listComputes: () => [], usageSums: () => [], openSegments: () => [] },
    } as unknown as AgentCore;
    const text = await metricsText(core);
    const names = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
    expect(names).toHaveLength(20);
    for (const name of names) expect(text).toMatch(new RegExp(`^# HELP ${name ?? ''} [A-Z].*\\.$`, 'm'));
  });
});
