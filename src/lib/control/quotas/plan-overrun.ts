import { stopsAll, type Compute, type QuotaName, type QuotaUse } from '../../domain/index.ts';

/** One that is awake, and for how long nobody has used it. */
export interface AwakeCompute {
  readonly compute: Pick<Compute, 'id' | 'name' | 'size'>;
  readonly idleMs: number;
}

/**
 * Pure. Whether what runs may not go on like that. Where something is full and no more than that, only what comes is
 * refused; it can be over its limit only when that was lowered.
 */
export function isOverrun({ quota, used, limit }: QuotaUse): boolean {
  if (stopsAll(quota)) return used >= limit;
  return SUSPENDING.has(quota) && used > limit;
}

const SUSPENDING: ReadonlySet<QuotaName> = new Set<QuotaName>(['activeComputes', 'activeCu', 'cuPerCompute']);

/** Pure. Which are to go for one quota: all where nothing may run, else as few as it takes, the longest idle first. */
export function planOverrun(use: QuotaUse, awake: readonly AwakeCompute[]): readonly AwakeCompute[] {
  if (!isOverrun(use)) return [];
  const { quota, limit } = use;
  if (stopsAll(quota)) return awake;
  if (quota === 'cuPerCompute') return awake.filter(({ compute }) => compute.size.now > limit);
  const weight = ({ compute }: AwakeCompute): number => (quota === 'activeCu' ? compute.size.now : 1);
  let over = awake.reduce((sum, one) => sum + weight(one), 0) - limit;
  const chosen: AwakeCompute[] = [];
  for (const one of awake.toSorted((a, b) => b.idleMs - a.idleMs || a.compute.id.localeCompare(b.compute.id))) {
    if (over <= 0) break;
    chosen.push(one);
    over -= weight(one);
  }
  return chosen;
}
