import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';

import { addUsageMetrics } from '../../../src/lib/agent/metrics/usage-metrics.ts';
import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { createActive, destroy, suspend, wake } from '../../support/store-life.ts';

const HALF = { min: 0.5, max: 0.5, now: 0.5 };

async function metricsOf(store: Store, openMs = 500): Promise<string> {
  const registry = new Registry();
  const histogram = addUsageMetrics(registry, store, () => openMs);
  return (await registry.metrics()) + histogram;
}

function valueOf(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

/** Active for 2 s, woken and active since. */
function filled(): Store {
  const store = createStore({ path: ':memory:' });
  createActive(store, 'c1', 1000, { name: 'shop', project: 'a', size: HALF });
  suspend(store, 'c1', 3000, 2000);
  wake(store, 'c1', 5000);
  store.heartbeat([], { atMs: 6000, deltas: [{ computeId: 'c1', bytesIn: 10, bytesOut: 20, queries: 3 }] });
  return store;
}

describe('metrics of usage', () => {
  it('are what the ledger has, open segments included, in base units', async () => {
    const text = await metricsOf(filled());
    const labels = 'project="a",compute="shop"';
    expect(valueOf(text, `doze_active_seconds_total{${labels}}`)).toBe(2.5);
    expect(valueOf(text, `doze_cu_seconds_total{${labels}}`)).toBe(1.25);
    expect(valueOf(text, `doze_queries_total{${labels}}`)).toBe(3);
    expect(valueOf(text, `doze_client_bytes_total{${labels},direction="out"}`)).toBe(20);
    expect(valueOf(text, 'doze_wake_duration_seconds_bucket{le="0.1"}')).toBe(0);
    expect(valueOf(text, 'doze_wake_duration_seconds_bucket{le="0.2"}')).toBe(1);
    expect(valueOf(text, 'doze_wake_duration_seconds_bucket{le="+Inf"}')).toBe(1);
    expect(valueOf(text, 'doze_wake_duration_seconds_sum')).toBe(0.164);
    expect(valueOf(text, 'doze_wake_duration_seconds_count')).toBe(1);
  });

  it('have a help and a type each, and names that end as they should', async () => {
    const text = await metricsOf(filled());
    const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]);
    expect(names.length).toBeGreaterThan(6);
    for (const [name, type] of names) {
      expect(text).toContain(`# HELP ${name} `);
      expect(type === 'counter').toBe(name?.endsWith('_total'));
    }
  });

  it('keep what destroyed computes used, without their names', async () => {
    const store = filled();
    destroy(store, 'c1', 9000, 4000);
    createActive(store, 'c2', 9000, { name: 'shop', project: 'a', size: HALF });
    const text = await metricsOf(store);
    expect(valueOf(text, 'doze_active_seconds_total{project="a",compute=""}')).toBe(6);
    expect(valueOf(text, 'doze_active_seconds_total{project="a",compute="shop"}')).toBe(0.5);
  });

  it('have no more series than somebody reads, however many computes and projects there are', async () => {
    const store = createStore({ path: ':memory:' });
    for (let at = 0; at < 120; at += 1) {
      createActive(store, `c${at}`, 1000, { name: `shop${at}`, project: `p${at % 60}` });
      suspend(store, `c${at}`, 2000, 1000);
    }
    const text = await metricsOf(store);
    expect(text.split('\n').filter((line) => line.startsWith('doze_active_seconds_total{'))).toEqual([
      'doze_active_seconds_total{project="",compute=""} 120',
    ]);
  });
});
