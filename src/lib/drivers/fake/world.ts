import type { Instance, InstanceChange, InstanceExit } from '../driver.ts';

export type Verb = 'prepare' | 'create' | 'start' | 'suspend' | 'remove' | 'purge' | 'inspect' | 'list';

/** What outlives a driver object: instances and data, as containers outlive an agent. Tests turn its knobs. */
export interface FakeWorld {
  readonly instances: Map<string, Instance>;
  /** Compute ids that have data; the value counts how often it was made from the template. */
  readonly data: Map<string, number>;
  /** Each compute's own port, once it was started. */
  readonly ports: Map<string, number>;
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
  /** Called by the driver at the start of each verb. */
  enter(verb: Verb, computeId: string, signal: AbortSignal): Promise<void>;
}

export function createFakeWorld(): FakeWorld {
  const failures = new Map<Verb, Error>();
  const holds = new Map<Verb, Promise<void>>();
  const listeners = new Set<(change: InstanceChange) => void>();
  const instances = new Map<string, Instance>();
  const calls: string[] = [];
  const tell = (change: InstanceChange): void => {
    for (const listener of listeners) listener(change);
  };
  return {
    instances,
    data: new Map(),
    ports: new Map(),
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
      instances.delete(computeId);
      tell({ computeId, kind: 'removed', exit: null });
    },
    async enter(verb, computeId, signal) {
      calls.push(`${verb} ${computeId}`);
      const hold = holds.get(verb);
      holds.delete(verb);
      if (hold !== undefined) await hold;
      signal.throwIfAborted();
      const failure = failures.get(verb);
      failures.delete(verb);
      if (failure !== undefined) throw failure;
    },
  };
}
