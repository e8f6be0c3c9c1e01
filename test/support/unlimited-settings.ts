import type { DEFAULT_TIMEOUTS } from '../../src/lib/control/index.ts';
import type { ControlSettings } from '../../src/lib/control/settings.ts';

/** A control plane that forbids nothing and does nothing by itself. */
export const UNLIMITED: Omit<ControlSettings, 'driver' | keyof typeof DEFAULT_TIMEOUTS> = {
  size: { min: 0.25, max: 0.25 },
  scaleDownAfterMs: 60_000,
  ladder: [],
  connectionWaitMs: 10_000,
  hostLimits: { here: null, elsewhere: null },
  endPinnedAfterMs: null,
  maxSessions: null,
  maxProjectSessions: null,
  sessionIdleTimeoutMs: null,
  quotaGraceMs: 300_000,
  memoryReserve: 0,
  keepDestroyedMs: 3_600_000,
  gatewayPorts: { from: 29_000, to: 29_099 },
  engineVersion: null,
  image: null,
};
