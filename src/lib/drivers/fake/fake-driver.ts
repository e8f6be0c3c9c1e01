import { DEPTHS, isDeeper, keepsProcess, type Depth } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type {
  Driver,
  DriverCapabilities,
  Endpoint,
  Instance,
  InstanceChange,
  InstanceSpec,
  InstanceUsage,
  SuspendOutcome,
} from '../driver.ts';
import { createFakeCopies } from './copies.ts';
import type { FakeWorld } from './world.ts';

const FIRST_PORT = 3306;
const NO_EXIT = { atMs: null, code: 0, isOutOfMemory: false } as const;

/** A driver without servers, for unit tests: keeps the contract in memory. */
export function createFakeDriver(world: FakeWorld): Driver {
  function set(computeId: string, state: Instance['state']): void {
    const isUp = state === 'running' || state === 'frozen';
    const endpoint = isUp ? endpointOf(world, computeId) : null;
    const cu = world.sizes.get(computeId) ?? 0;
    world.instances.set(computeId, { computeId, state, endpoint, exit: isUp ? null : NO_EXIT, cu });
  }

  return {
    name: 'fake',
    capabilities: capabilitiesOf(world),
    probe: async () => Promise.resolve({ isUsable: true, summary: 'fake', problem: null, hibernation: null }),
    async prepare(request, context) {
      await world.enter('prepare', request.version ?? '-', context.signal);
      return { image: request.image, version: request.version ?? '10.11', recipe: world.recipe.now };
    },
    async create(spec, context) {
      await world.enter('create', spec.computeId, context.signal);
      if (spec.stateless !== null) return;
      if (!world.data.has(spec.computeId)) world.data.set(spec.computeId, 1);
      world.sizes.set(spec.computeId, spec.cu);
      if (!world.instances.has(spec.computeId)) set(spec.computeId, 'stopped');
    },
    async start(spec, context) {
      await world.enter('start', spec.computeId, context.signal);
      if (spec.stateless !== null) world.takeGeneration(spec.computeId, spec.stateless.generation);
      else if (!world.data.has(spec.computeId)) throw dataLost(spec);
      fit(world, spec);
      noteIdentity(world, spec);
      set(spec.computeId, 'running');
      return endpointOf(world, spec.computeId);
    },
    async suspend(id, depth, context) {
      await world.enter('suspend', id, context.signal);
      const instance = world.instances.get(id);
      if (instance === undefined) return { isClean: true, depth: 'removed', shortfall: null };
      const isClean = (instance.exit?.code ?? 0) === 0;
      const isGone = depth === 'removed' || (depth !== 'frozen' && world.generations.has(id));
      if (isGone) world.drop(id);
      else if (instance.state === 'running' || isDeeper(depth, depthOf(instance))) set(id, stateAt(depth));
      return outcomeOf(world, id, depth, isClean);
    },
    noteReady: () => undefined,
    async resize(id, cu, context) {
      await world.enter('resize', id, context.signal);
      if (world.instances.get(id)?.state !== 'running') return;
      world.sizes.set(id, cu);
      set(id, 'running');
    },
    usage: async (id) => Promise.resolve(usageOf(world, id)),
    async remove(id, context) {
      await world.enter('remove', id, context.signal);
      world.drop(id);
    },
    async purge(id, context) {
      await world.enter('purge', id, context.signal);
      world.drop(id);
      world.data.delete(id);
      world.copies.delete(id);
    },
    ...createFakeCopies(world),
    async inspect(id, signal) {
      await world.enter('inspect', id, signal);
      return world.instances.get(id) ?? null;
    },
    async list(signal) {
      await world.enter('list', '*', signal);
      return [...world.instances.values()];
    },
    listData: async () => Promise.resolve([...world.data.keys()]),
    watch: (listener) => listen(world, listener),
    async *logs(id) {
      if (world.instances.has(id)) yield await Promise.resolve(`fake server of ${id}`);
    },
    storageBytes: async (id) => Promise.resolve(world.data.has(id) ? (world.dataBytes.get(id) ?? 0) : null),
    close: async () => Promise.resolve(),
  };
}

function endpointOf(world: FakeWorld, computeId: string): Endpoint {
  const port = world.ports.get(computeId) ?? FIRST_PORT + world.ports.size;
  world.ports.set(computeId, port);
  return { host: '127.0.0.1', port, seenAs: '127.0.0.1', takesClientAddress: false };
}

/** One whose process is kept is not made smaller under it. */
function fit(world: FakeWorld, { computeId, cu }: InstanceSpec): void {
  const state = world.instances.get(computeId)?.state;
  const isKept = state === 'running' || (state === 'frozen' && cu < (world.sizes.get(computeId) ?? 0));
  if (!isKept) world.sizes.set(computeId, cu);
}

function noteIdentity({ certificates }: FakeWorld, { computeId, identity }: InstanceSpec): void {
  if (identity === null) certificates.delete(computeId);
  else certificates.set(computeId, identity.certificate);
}

function dataLost({ name }: InstanceSpec): DozeError {
  return new DozeError('INSTANCE_LOST', `the data of compute "${name}" is gone`, {
    hint: `doze compute destroy ${name}`,
  });
}

function listen({ listeners }: FakeWorld, listener: (change: InstanceChange) => void): Disposable {
  listeners.add(listener);
  return { [Symbol.dispose]: () => void listeners.delete(listener) };
}

function usageOf(world: FakeWorld, id: string): InstanceUsage | null {
  if (world.instances.get(id)?.state !== 'running') return null;
  return world.usage.get(id) ?? { cpuSeconds: 0, memoryBytes: 0 };
}

function capabilitiesOf(world: FakeWorld): DriverCapabilities {
  return {
    get depths() {
      return world.hibernation.isPossible ? DEPTHS : DEPTHS.filter((depth) => depth !== 'hibernated');
    },
    limits: true,
    isOnThisHost: true,
    stateless: true,
  };
}

function outcomeOf(world: FakeWorld, id: string, asked: Depth, isClean: boolean): SuspendOutcome {
  const instance = world.instances.get(id);
  const depth = instance === undefined ? 'removed' : depthOf(instance);
  if (asked !== 'hibernated' || depth !== 'frozen') return { isClean, depth, shortfall: null };
  const { isPossible, shortfall: obstacle } = world.hibernation;
  const shortfall = isPossible ? obstacle : 'nothing to hibernate with';
  return { isClean, depth: shortfall === null ? 'hibernated' : 'frozen', shortfall };
}

function depthOf(instance: Instance): Depth {
  return instance.state === 'running' ? 'frozen' : instance.state;
}

function stateAt(depth: Depth): Instance['state'] {
  if (keepsProcess(depth)) return 'frozen';
  if (depth === 'parked' || depth === 'stopped') return depth;
  throw new DozeError('DEPTH_UNSUPPORTED', `the fake driver has no depth "${depth}"`);
}
