import { autoscaling } from './autoscaling.ts';
import { cliStart } from './cli-start.ts';
import { clone } from './clone.ts';
import { create } from './create.ts';
import { fleet } from './fleet.ts';
import type { Benchmark } from './framework/benchmark.ts';
import { gatewayLatency } from './gateway-latency.ts';
import { gatewayQps } from './gateway-qps.ts';
import { pool } from './pool.ts';
import { storageGate } from './storage-gate.ts';
import { storageVerdict } from './storage-verdict.ts';
import { storageWatch } from './storage-watch.ts';
import { storm } from './storm.ts';
import { wakeFrozen } from './wake-frozen.ts';
import { wakeHibernated } from './wake-hibernated.ts';
import { wakeParked } from './wake-parked.ts';
import { wakeStopped } from './wake-stopped.ts';

/** In the order of the table. */
export const BENCHMARKS: readonly Benchmark[] = [
  wakeParked,
  wakeFrozen,
  wakeHibernated,
  wakeStopped,
  create,
  clone,
  gatewayQps,
  gatewayLatency,
  pool,
  storm,
  fleet,
  autoscaling,
  cliStart,
  storageGate,
  storageWatch,
  storageVerdict,
];
