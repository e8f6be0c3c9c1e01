import {
  computeDetail,
  computeView,
  connectionView,
  reachableHost,
  type ComputeServices,
  type ListQuery,
  type ViewFacts,
} from '../../api/index.ts';
import { createDeadline } from '../../clock.ts';
import { formatDuration, type Compute } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { AgentCore } from '../running.ts';
import { readOwnAuthority } from '../tls/own-authority.ts';
import { createComputeSnapshotServices } from './compute-snapshots.ts';
import { createComputeTexts } from './compute-texts.ts';
import { requireCompute, requireKnownCompute } from './find-compute.ts';
import { createListTexts } from './list-texts.ts';
import { createOperationServices } from './operations.ts';
import { createStorageSizes } from './storage-bytes.ts';
import { tierBytes } from './tier-bytes.ts';

/** What the API says of computes. None of the questions wakes one. */
export function createComputeServices(core: AgentCore): ComputeServices {
  const { store } = core;
  const host = core.settings.publicHost ?? reachableHost(core.settings.gatewayHost);
  const storageBytes = createStorageSizes(core.clock);
  const texts = createComputeTexts();
  const lists = createListTexts();
  const sessionCounts = async (): Promise<ReadonlyMap<string, number>> => (await core.running).gateway.sessionCounts();

  async function detail(compute: Compute, signal: AbortSignal) {
    const { control, drivers, storage } = await core.running;
    const bytes =
      compute.storage === undefined
        ? await storageBytes(drivers.get(compute.driver), compute, signal)
        : tierBytes(storage, store.listComputes(), compute);
    return computeDetail(compute, { ...(await control.live(compute)), host, storageBytes: bytes });
  }

  function each<Result>(
    { project, includeDestroyed }: ListQuery,
    sessions: ReadonlyMap<string, number>,
    show: (compute: Compute, facts: ViewFacts) => Result,
  ): Result[] {
    return store
      .listComputes({ includeDestroyed, ...(project === null ? {} : { project }) })
      .filter((compute) => compute.state !== 'destroyed' || compute.keptUntilMs !== null)
      .map((compute) => show(compute, { sessions: sessions.get(compute.id) ?? 0, host }));
  }

  const { run, ...operations } = createOperationServices(core, host);

  return {
    ...operations,
    snapshots: createComputeSnapshotServices(core, run),
    list: async (query) => each(query, await sessionCounts(), computeView),
    async listWritten(query) {
      const facts = { sessions: await sessionCounts(), version: store.computesVersion() };
      const write = (): string => `[${each(query, facts.sessions, texts.textOf).join(',')}]`;
      return lists.textOf(JSON.stringify(query), facts, write);
    },
    show: async (project, name, signal) => detail(requireKnownCompute(store, project, name), signal),
    async connection(project, name, as) {
      const compute = requireCompute(store, project, name);
      const { control } = await core.running;
      const { user, userPassword, rootPassword } = control.credentials(compute);
      const login = as === 'owner' ? { user, password: userPassword } : { user: 'root', password: rootPassword };
      const { settings, paths } = core;
      const tls = { mode: settings.tls, authority: readOwnAuthority(settings, paths) };
      return { ...connectionView(compute, login, host), tls };
    },
    async wait(project, name, { state, timeoutMs }, signal) {
      const { control, reconciled } = await core.running;
      await reconciled;
      using deadline = createDeadline(timeoutMs, () => notYet(core, { project, name }, timeoutMs), signal);
      // Who has just left its start behind is told to wait for it, and it is on record only when its image is there.
      if (store.findCompute(project, name) === null) await control.operations.untilMade(project, name, deadline.signal);
      const compute = requireKnownCompute(store, project, name);
      return await detail(await control.waitFor(compute.id, state, deadline.signal), signal);
    },
    async *logs(project, name, query, signal) {
      const compute = requireKnownCompute(store, project, name);
      const { drivers } = await core.running;
      yield* drivers.get(compute.driver).logs(compute.id, query, signal);
    },
  };
}

function notYet(core: AgentCore, { project, name }: Pick<Compute, 'project' | 'name'>, timeoutMs: number): DozeError {
  const state = core.store.findCompute(project, name)?.state ?? 'not there';
  return new DozeError('TIMED_OUT', `compute "${name}" is ${state} after ${formatDuration(timeoutMs)} of waiting`, {
    hint: `doze compute show ${name}`,
  });
}
