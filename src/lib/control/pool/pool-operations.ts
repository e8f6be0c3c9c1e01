import { checkPoolSize, type Pool } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { Core } from '../core.ts';
import type { OnProgress } from '../outcome.ts';
import { prepare } from '../prepare.ts';
import type { PoolProblem, SpareKind } from './pool-state.ts';
import { listSpares } from './spares.ts';

export interface PoolOperations {
  /**
   * How many spares there are to be for an image. Made or discarded after it returns, while nobody waits for a start.
   * @param pool of image null for whatever a new compute gets
   * @throws VALUE_INVALID, and what keeps a compute of that image from being made
   */
  setPool(pool: Pool, onProgress: OnProgress): Promise<PoolStatus>;
  /** Every pool that is wanted, or that still has spares. */
  listPools(): readonly PoolStatus[];
}

export interface PoolStatus extends Pool {
  /** What its spares run; null until that is known. */
  readonly kind: SpareKind | null;
  readonly ready: number;
  /** Being made, or made whole again. */
  readonly making: number;
  readonly discarding: number;
  /** Why it is not full; null while nothing is wrong. */
  readonly problem: PoolProblem | null;
}

export function createPoolOperations(core: Core): PoolOperations {
  return {
    async setPool(pool, onProgress) {
      checkPoolSize(pool.size);
      if (pool.size > 0) await requireImage(core, pool, onProgress);
      core.store.putPool(pool);
      core.pool.problems.delete(pool.image);
      core.pool.nudge();
      return statusOf(core, pool);
    },
    listPools() {
      const wanted = core.store.listPools();
      const left = new Set(listSpares(core).map((spare) => spare.pool));
      for (const { image } of wanted) left.delete(image);
      return [...wanted, ...[...left].map((image) => ({ image, size: 0 }))].map((pool) => statusOf(core, pool));
    },
  };
}

/** Before anything is on record: whoever asks for a pool of what cannot be had hears it at once. */
async function requireImage(core: Core, { image }: Pool, onProgress: OnProgress): Promise<void> {
  const { driver, prepared } = await prepare(core, image === null ? {} : { image }, onProgress);
  if (image !== null && prepared.image === null) {
    throw new DozeError('VALUE_INVALID', `the ${driver.name} driver has no images, so there is no pool of ${image}`, {
      hint: 'leave --image out',
    });
  }
  core.pool.kinds.set(image, { driver: driver.name, image: prepared.image, version: prepared.version });
}

function statusOf(core: Core, pool: Pool): PoolStatus {
  const spares = listSpares(core).filter((spare) => spare.pool === pool.image);
  const count = (state: string): number => spares.filter((spare) => spare.state === state).length;
  const [first] = spares;
  const made = first === undefined ? null : { driver: first.driver, image: first.image, version: first.engineVersion };
  return {
    ...pool,
    kind: core.pool.kinds.get(pool.image) ?? made,
    ready: count('ready'),
    making: count('making'),
    discarding: count('discarding'),
    problem: core.pool.problems.get(pool.image) ?? null,
  };
}
