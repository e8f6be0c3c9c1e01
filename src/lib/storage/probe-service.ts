import type { Clock } from '../clock.ts';
import { canServe, type StorageCredential, type StorageHealth, type StorageService } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { describeService, recognise } from './recognise.ts';
import { createServiceWatch } from './service-watch.ts';

/** Faults behind which there may be a service of another kind or flavour. */
const MISTAKEN: ReadonlySet<string> = new Set(['wrongService', 'status', 'contentType', 'malformed']);

/**
 * One look at a service that is not registered yet.
 * @param lsnOfGroup as for the watch
 * @throws STORAGE_MISTAKEN when an endpoint is a service of another kind or flavour
 */
export async function probeService(
  deps: { readonly clock: Clock; readonly lsnOfGroup: (name: string) => number | null },
  service: StorageService,
  credential: StorageCredential | null,
  signal: AbortSignal,
): Promise<StorageHealth> {
  const watch = createServiceWatch({ ...deps, onLook: () => undefined }, service, credential);
  try {
    const health = await watch.look();
    if (!canServe(health.verdict)) await refuseMistaken(deps.clock, service, credential, health, signal);
    return health;
  } finally {
    watch.close();
  }
}

async function refuseMistaken(
  clock: Clock,
  service: StorageService,
  credential: StorageCredential | null,
  { endpoints }: StorageHealth,
  signal: AbortSignal,
): Promise<void> {
  for (const { endpoint, last } of endpoints) {
    if (last?.outcome.kind !== 'failed' || !MISTAKEN.has(last.outcome.fault)) continue;
    const found = await recognise(clock, service, endpoint, credential, signal);
    if (found === null) continue;
    throw new DozeError(
      'STORAGE_MISTAKEN',
      `${endpoint} is ${describeService(found)}, not ${describeService(service)}`,
      { hint: `doze storage add NAME --flavour ${found.flavour} ${flagOf(found.kind)} ${endpoint}` },
    );
  }
}

function flagOf(kind: StorageService['kind']): string {
  return kind === 'pageServer' ? '--page-server' : '--safekeeper';
}
