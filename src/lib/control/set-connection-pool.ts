import type { Compute, ConnectionPool } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { ConnectionPoolSettings } from './connection-pool.ts';
import type { Core } from './core.ts';
import { outcome, type OperationOutcome } from './outcome.ts';

/** After which a connection that nobody uses is closed. */
const IDLE_MS = 60_000;
const MAX_SIZE = 10_000;

/** What a person says of it; a size says that there is to be one. */
export interface ConnectionPoolOptions {
  readonly pool?: 'off' | 'transaction';
  readonly poolSize?: number;
}

export function connectionPoolOf(core: Core, compute: Compute): ConnectionPoolSettings | null {
  const { connectionPool, engine, size } = compute;
  if (connectionPool === undefined || connectionPool === null) return null;
  return {
    size: connectionPool.size ?? core.engines[engine].sharedConnections(size.now),
    waitMs: core.settings.connectionWaitMs,
    idleMs: IDLE_MS,
  };
}

/** Sessions that begin from then on go by it. @throws VALUE_INVALID */
export function setConnectionPool(core: Core, compute: Compute, options: ConnectionPoolOptions): OperationOutcome {
  const before = compute.connectionPool ?? null;
  const wanted = poolFor(options, before);
  if (wanted === undefined || (wanted?.size === before?.size && (wanted === null) === (before === null)))
    return outcome(compute, 'unchanged', `"${compute.name}" is set so already`);
  const changes = { connectionPool: wanted };
  const changed = core.journal.record(compute.id, { type: 'settingsChanged', changes });
  return outcome(changed, 'changed', 'sessions that begin from now on go by its connection pool');
}

/** @returns undefined when nothing is said of it. @throws VALUE_INVALID */
export function poolFor(
  { pool, poolSize }: ConnectionPoolOptions,
  before: ConnectionPool | null,
): ConnectionPool | null | undefined {
  if (poolSize !== undefined && (pool === 'off' || !Number.isInteger(poolSize) || poolSize < 1 || poolSize > MAX_SIZE))
    throw new DozeError('VALUE_INVALID', `a pool size of ${poolSize} is of no use here`, {
      hint: `--pool transaction --pool-size N, with N from 1 to ${MAX_SIZE}`,
    });
  if (pool === 'off') return null;
  if (pool === undefined && poolSize === undefined) return undefined;
  return { size: poolSize ?? before?.size ?? null };
}
