import { blockersAt, fitDepth, isDeeper, keepsProcess, type Compute, type Depth } from '../domain/index.ts';
import type { Driver } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import { driverOf, type Core } from './core.ts';
import type { GateFacts } from './ports.ts';

/**
 * What a depth that somebody asked for means for this compute: one deeper than the driver has is the deepest that it
 * has, and an instance that keeps nothing is removed, so that the next is surely alone. @throws DEPTH_UNSUPPORTED
 */
export function depthFor(driver: Driver, compute: Pick<Compute, 'storage'>, depth: Depth): Depth {
  const { depths } = driver.capabilities;
  const deepest = depths.at(-1);
  const isPossible = depths.includes(depth) || (deepest !== undefined && isDeeper(depth, deepest));
  if (isPossible) return possibleDepth(driver, compute, depth);
  throw new DozeError('DEPTH_UNSUPPORTED', `the ${driver.name} driver cannot suspend to "${depth}" here`, {
    hint: `choose one of ${depths.join(', ')}; see why: doze doctor`,
  });
}

/** The same where nobody insists: what the host lacks, perhaps only now, is the next deeper depth that it has. */
export function possibleDepth(driver: Driver, compute: Pick<Compute, 'storage'>, depth: Depth): Depth {
  return fitDepth(depth, possibleDepths(driver, compute));
}

export function possibleDepths(driver: Driver, { storage }: Pick<Compute, 'storage'>): readonly Depth[] {
  return storage === undefined ? driver.capabilities.depths : ['removed'];
}

/**
 * How deep a compute goes first. Where a session would not outlive that, it is as deep as its server's process is kept,
 * if the host can do that.
 */
export function firstDepth(core: Core, compute: Compute, { blockers }: Pick<GateFacts, 'blockers'>): Depth {
  const depths = possibleDepths(driverOf(core, compute), compute);
  const depth = fitDepth(compute.suspendDepth, depths);
  if (keepsProcess(depth) || blockersAt(blockers, depth).length === 0) return depth;
  return depths.findLast(keepsProcess) ?? depth;
}
