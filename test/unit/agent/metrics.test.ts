import { describe, expect, it } from 'vitest';

import { metricsText } from '../../../src/lib/agent/metrics/metrics-text.ts';
import type { AgentCore } from '../../../src/lib/agent/running.ts';
import type { ConnectionPoolState } from '../../../src/lib/control/index.ts';
import type { EndpointFacts, EndpointHealth, State, Verdict } from '../../../src/lib/domain/index.ts';
import type { ServiceWatch } from '../../../src/lib/storage/index.ts';
import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { createActive, suspend, wake } from '../../support/store-life.ts';

interface Scene {
  readonly computes?: readonly State[];
  readonly watches?: readonly ServiceWatch[];
  /** Of each compute. */
  readonly pool?: ConnectionPoolState;
  readonly store?: Store;
}

const NOW_MS = Date.UTC(2026, 10, 25, 12);

async function samples(scene: Scene): Promise<string[]> {
  return (await textOf(scene)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** A ledger in which nothing was used unless a test gives one. */
async function textOf({ computes = [], watches = [], pool, store }: Scene): Promise<string> {
  const pools = new Map(pool === undefined ? [] : computes.map((_, index) => [String(index), pool] as const));
  const gateway = { connectionPools: () => Promise.resolve(pools) };
  const core = {
    running: Promise.resolve({ storage: { list: () => watches }, gateway, control: { openLengthMs: () => 500 } }),
    clock: { wallMs: () => NOW_MS },
    store: {
      ...{ usageSums: () => [], segments: () => [], openSegments: () => [], ...store },
      listComputes: () => computes.map((state) => ({ state })),
    },
  } as unknown as AgentCore;
  return metricsText(core);
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
    const text = await textOf({});
    const names = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
    expect(names).toHaveLength(23);
    for (const name of names) expect(text).toMatch(new RegExp(`^# HELP ${name ?? ''} [A-Z].*\\.$`, 'm'));
  });
});

/** Whose a series is that has one of its endings. */
function histogramOf(series: string, types: ReadonlyMap<string, string>): string | null {
  const base = series.replace(/_(bucket|sum|count)$/, '');
  return types.get(base) === 'histogram' ? base : null;
}

describe('the names of metrics', () => {
  const page = endpoint('http://ps-1:8080', { kind: 'pageServer', latestLsn: 1000, diskUsageBytes: 4096 });
  const scene: Scene = {
    computes: ['active'],
    watches: [watchOf('ps-main', 'degraded', [page], 77)],
  };

  it('have HELP and TYPE each, end in _total for counters only, and have base units', async () => {
    const text = await textOf(scene);
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
    const helps = new Set([...text.matchAll(/^# HELP (\S+) \S.*$/gm)].map(([, name]) => name));
    const series = [...text.matchAll(/^([a-z_]+)(?:\{.*\})? \S+$/gm)].map(([, name = '']) => name);
    const names = new Set(series.map((name) => histogramOf(name, types) ?? name));
    expect(names.size).toBeGreaterThan(20);
    for (const name of names) {
      expect(name).toMatch(/^doze_[a-z]+(_[a-z]+)*$/);
      expect(helps, name).toContain(name);
      expect(['counter', 'gauge', 'histogram'], name).toContain(types.get(name));
      expect(name.endsWith('_total'), name).toBe(types.get(name) === 'counter');
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|hours|days|kb|kib|mb|mib|gb|gib|percent)(_|$)/);
    }
  });

  it('and their labels are as many for a thousand computes as for one', async () => {
    const few = await samples(scene);
    const many = await samples({ ...scene, computes: Array<State>(1000).fill('active') });
    expect(many.map((line) => line.split(' ')[0])).toEqual(few.map((line) => line.split(' ')[0]));
  });
});

describe('the metrics of usage', () => {
  it('count all that was used since the records begin, what is open too', async () => {
    const store = createStore({ path: ':memory:' });
    createActive(store, 'c1', NOW_MS - 10_000_000_000, { name: 'shop', size: { min: 0.5, max: 0.5, now: 0.5 } });
    suspend(store, 'c1', NOW_MS - 9_000_000_000, 4_000);
    wake(store, 'c1', NOW_MS - 1_000);
    store.heartbeat([], { atMs: NOW_MS - 1_000, deltas: [{ computeId: 'c1', bytesIn: 7, bytesOut: 9, queries: 2 }] });
    const usage = (await samples({ computes: ['active'], store })).filter((line) => line.startsWith('doze_usage'));
    expect(usage).toEqual([
      'doze_usage_active_seconds_total 4.5',
      'doze_usage_cu_seconds_total 2.25',
      'doze_usage_frozen_seconds_total 0',
      'doze_usage_hibernated_seconds_total 0',
      'doze_usage_storage_byte_seconds_total 0',
      'doze_usage_received_bytes_total 7',
      'doze_usage_sent_bytes_total 9',
      'doze_usage_queries_total 2',
      'doze_usage_wakes_total 1',
    ]);
    store.close();
  });

  it('tell how long wakes took, as a histogram', async () => {
    const store = createStore({ path: ':memory:' });
    createActive(store, 'c1', NOW_MS - 9_000);
    suspend(store, 'c1', NOW_MS - 8_000, 1_000);
    // The test's wakes take 164.25 ms.
    wake(store, 'c1', NOW_MS - 7_000);
    const text = (await samples({ store })).filter((line) => line.startsWith('doze_wake'));
    expect(text).toContain('doze_wake_duration_seconds_bucket{le="0.1"} 0');
    expect(text).toContain('doze_wake_duration_seconds_bucket{le="0.2"} 1');
    expect(text).toContain('doze_wake_duration_seconds_bucket{le="+Inf"} 1');
    expect(text.slice(-2)).toEqual(['doze_wake_duration_seconds_sum 0.164', 'doze_wake_duration_seconds_count 1']);
    store.close();
  });
});
