import { untilAborted } from '../../clock.ts';
import type { Instance, InstanceChange, InstanceExit, InstanceUsage } from '../driver.ts';

export type Verb =
  | 'prepare'
  | 'create'
  | 'start'
  | 'suspend'
  | 'remove'
  | 'purge'
  | 'inspect'
  | 'list'
  | 'resize'
  | 'copyData'
  | 'removeSnapshot';

/** What outlives a driver object: instances and data, as containers outlive an agent. Tests turn its knobs. */
export interface FakeWorld {
  readonly instances: Map<string, Instance>;
  /** Compute ids that have data; the value counts how often it was made from the template. */
  readonly data: Map<string, number>;
  /** What the data of a compute takes, where it is not nothing. */
  readonly dataBytes: Map<string, number>;
  /** What each snapshot keeps, by `compute/snapshot`. */
  readonly snapshots: Map<string, FakeSnapshot>;
  /** Id of the copy that a compute's data came with, if it was copied. */
  readonly copies: Map<string, string>;
  /** Whether copies share blocks. */
  readonly copying: { isCopyOnWrite: boolean };
  /** Each compute's own port, once it was started. */
  readonly ports: Map<string, number>;
  /** Generation of each instance that keeps nothing, as long as there is one. */
  readonly generations: Map<string, number>;
  /** Every generation that a start had to remove so that no two would run: `c1 3 for 4`. */
  readonly displaced: string[];
  /** Whether it can hibernate, and what comes in its way when it tries. */
  readonly hibernation: { isPossible: boolean; shortfall: string | null };
  /** What `prepare` says instances are made from. */
  readonly recipe: { now: string };
  /** The certificate that each instance's server was last started with. */
  readonly certificates: Map<string, string>;
  /** The size that each instance's limits are for. */
  readonly sizes: Map<string, number>;
  /** What each instance says it has used. */
  readonly usage: Map<string, InstanceUsage>;
  readonly listeners: Set<(change: InstanceChange) => void>;
  /** Every verb that was called, in order: `start c1`. */
  readonly calls: string[];
  /** Makes the next call of a verb fail before it does anything. */
  failNext(verb: Verb, error: Error): void;
  /** Makes the next call of a verb wait until the returned function is called. */
  holdNext(verb: Verb): () => void;
  /** The server dies: the instance is stopped with this exit, and watchers hear of it. */
  crash(computeId: string, exit: InstanceExit): void;
  /** The instance is removed by hand. */
  vanish(computeId: string): void;
  /** Called by the driver: the instance is gone. */
  drop(computeId: string): void;
  /** Called by the driver: an instance of this generation comes, and one of any other goes. */
  takeGeneration(computeId: string, generation: number): void;
  /** Called by the driver at the start of each verb. */
  enter(verb: Verb, computeId: string, signal: AbortSignal): Promise<void>;
}

export interface FakeSnapshot {
  readonly data: number;
  readonly isComplete: boolean;
}

export function createFakeWorld(): FakeWorld {
  const failures = new Map<Verb, Error>();
  const holds = new Map<Verb, Promise<void>>();
  const listeners = new Set<(change: InstanceChange) => void>();
  const instances = new Map<string, Instance>();
  const generations = new Map<string, number>();
  const displaced: string[] = [];
  const calls: string[] = [];
  const tell = (change: InstanceChange): void => {
    for (const listener of listeners) listener(change);
  };
  const drop = (computeId: string): void => {
    instances.delete(computeId);
    generations.delete(computeId);
  };
  return {
    instances,
    data: new Map(),
    dataBytes: new Map(),
    snapshots: new Map(),
    copies: new Map(),
    copying: { isCopyOnWrite: false },
    ports: new Map(),
    generations,
    displaced,
    hibernation: { isPossible: false, shortfall: null },
    recipe: { now: 'one' },
    certificates: new Map(),
    sizes: new Map(),
    usage: new Map(),
    listeners,
    calls,
    failNext: (verb, error) => void failures.set(verb, error),
    holdNext(verb) {
      const { promise, resolve } = Promise.withResolvers<void>();
      holds.set(verb, promise);
      return resolve;
    },
    crash(computeId, exit) {
      instances.set(computeId, { computeId, state: 'stopped', endpoint: null, exit });
      tell({ computeId, kind: 'ended', exit });
    },
    vanish(computeId) {
      drop(computeId);
      tell({ computeId, kind: 'removed', exit: null });
    },
    drop,
    takeGeneration(computeId, generation) {
      const old = generations.get(computeId);
      const endpoint = instances.get(computeId)?.endpoint ?? null;
      // An entry for each compute: there can never be two, so the times are kept when there would have been.
      if (old !== undefined && old !== generation && endpoint !== null)
        displaced.push(`${computeId} ${old} for ${generation}`);
      if (old !== generation) drop(computeId);
      generations.set(computeId, generation);
    },
    async enter(verb, computeId, signal) {
      calls.push(`${verb} ${computeId}`);
      const hold = holds.get(verb);
      holds.delete(verb);
      if (hold !== undefined) await untilAborted(hold, signal);
      signal.throwIfAborted();
      const failure = failures.get(verb);
      failures.delete(verb);
      if (failure !== undefined) throw failure;
    },
  };
}
