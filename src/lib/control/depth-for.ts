import { isDeeper, type Compute, type Depth } from '../domain/index.ts';
import type { Driver } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import { driverOf, type Core } from './core.ts';

/** What a depth means for this compute: an instance that keeps nothing is removed, so that the next is surely alone. */
export function depthFor(driver: Driver, { storage }: Pick<Compute, 'storage'>, depth: Depth): Depth {
  return storage === undefined ? depthOn(driver, depth) : 'removed';
}

/**
 * What a compute's setting means now. On a host that cannot hibernate any more it is parked, or frozen if that would
 * end a session.
 */
export function settingFor(core: Core, compute: Compute): Depth {
  const driver = driverOf(core, compute);
  const isMissing = compute.suspendDepth === 'hibernated' && !driver.capabilities.depths.includes('hibernated');
  if (!isMissing || compute.storage !== undefined) return depthFor(driver, compute, compute.suspendDepth);
  return core.gate.blockers(compute.id, 'parked').length === 0 ? 'parked' : 'frozen';
}

/** What a depth means on this driver: one that it does not have is the deepest that it has. @throws DEPTH_UNSUPPORTED */
function depthOn(driver: Driver, depth: Depth): Depth {
  const { depths } = driver.capabilities;
  if (depths.includes(depth)) return depth;
  const deepest = depths.at(-1);
  if (deepest !== undefined && isDeeper(depth, deepest)) return deepest;
  throw new DozeError('DEPTH_UNSUPPORTED', `the ${driver.name} driver cannot suspend to "${depth}" here`, {
    hint: `choose one of ${depths.join(', ')}; see why: doze doctor`,
  });
}
