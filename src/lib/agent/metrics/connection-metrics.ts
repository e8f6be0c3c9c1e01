import { Counter, Gauge, type Registry } from 'prom-client';

import type { ConnectionPoolState } from '../../control/index.ts';

const SECOND_MS = 1000;

/** Of the connections to servers that sessions share, all computes together: their number has no bound. */
export function addConnectionMetrics(registry: Registry, pools: readonly ConnectionPoolState[]): void {
  const sum = (read: (pool: ConnectionPoolState) => number): number =>
    pools.reduce((total, pool) => total + read(pool), 0);
  const registers = [registry];
  const connections = new Gauge({
    name: 'doze_shared_connections',
    help: 'Connections to servers that sessions share, by use: pinned ones are kept by a session that cannot share.',
    labelNames: ['use'] as const,
    registers,
  });
  connections.set(
    { use: 'active' },
    sum(({ inUse, pinned }) => inUse - pinned),
  );
  connections.set(
    { use: 'pinned' },
    sum(({ pinned }) => pinned),
  );
  connections.set(
    { use: 'idle' },
    sum(({ idle }) => idle),
  );
  new Gauge({
    name: 'doze_shared_connections_waiting',
    help: 'Sessions that wait for a shared connection.',
    registers,
  }).set(sum(({ waiting }) => waiting));
  const longest = new Gauge({
    name: 'doze_shared_connections_longest_seconds',
    help: 'Longest time that a session waited for a shared connection, and held one.',
    labelNames: ['what'] as const,
    registers,
  });
  longest.set({ what: 'waited' }, Math.max(0, ...pools.map(({ waited }) => waited?.maxMs ?? 0)) / SECOND_MS);
  longest.set({ what: 'held' }, Math.max(0, ...pools.map(({ held }) => held?.maxMs ?? 0)) / SECOND_MS);
  count(
    registry,
    'doze_shared_connections_switches_total',
    "Shared connections that became another session's.",
    sum(({ switches }) => switches),
  );
  count(
    registry,
    'doze_shared_connections_refusals_total',
    'Sessions turned away as no shared connection came free.',
    sum(({ refusals }) => refusals),
  );
}

function count(registry: Registry, name: string, help: string, value: number): void {
  new Counter({ name, help, registers: [registry] }).inc(value);
}
