import { api } from './api.ts';
import { autoscaling } from './autoscaling.ts';
import { caches } from './caches.ts';
import { cliStart } from './cli-start.ts';
import { clone } from './clone.ts';
import { create } from './create.ts';
import { fleet } from './fleet.ts';
import type { Benchmark } from './framework/benchmark.ts';
import { gatewayIdle } from './gateway-idle.ts';
import { gatewayLatency } from './gateway-latency.ts';
import { gatewayQps } from './gateway-qps.ts';
import { gatewayRows } from './gateway-rows.ts';
import { parkedSessions } from './parked-sessions.ts';
import { pool } from './pool.ts';
import { report } from './report.ts';
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
  caches,
  create,
  clone,
  gatewayQps,
  gatewayLatency,
  gatewayRows,
  gatewayIdle,
  parkedSessions,
  pool,
  storm,
  fleet,
  report,
  api,
  autoscaling,
  cliStart,
  storageGate,
  storageWatch,
  storageVerdict,
];
