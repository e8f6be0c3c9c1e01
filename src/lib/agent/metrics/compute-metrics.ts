import { Gauge, type Registry } from 'prom-client';

import { STATES, type Compute } from '../../domain/index.ts';

/** How many computes there are of each state; the names stay out, as their number has no bound. */
export function addComputeMetrics(registry: Registry, computes: readonly Compute[]): void {
  const gauge = new Gauge({
    name: 'doze_computes',
    help: 'Computes by state.',
    labelNames: ['state'] as const,
    registers: [registry],
  });
  for (const known of STATES) gauge.set({ state: known }, computes.filter(({ state }) => state === known).length);
}
