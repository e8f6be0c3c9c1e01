import { startStandIn, type StandIn } from './stand-in.ts';

export function startNeonPageserver(): Promise<StandIn> {
  const utilization = {
    disk_usage_bytes: 4_096,
    free_space_bytes: 1_000_000,
    disk_wanted_bytes: 4_096,
    disk_usable_pct: 80,
    shard_count: 1,
    max_shard_count: 100,
    utilization_score: 1,
    captured_at: '2026-01-01T00:00:00Z',
  };
  return startStandIn(({ url }) => {
    if (url === '/v1/status') return { json: { id: 1 } };
    return url === '/v1/utilization' ? { json: utilization } : null;
  });
}

export function startNeonSafekeeper(id: number): Promise<StandIn> {
  return startStandIn(({ url }) => {
    if (url === '/v1/status') return { json: { id } };
    return url === '/v1/utilization' ? { json: { timeline_count: 3 } } : null;
  });
}
