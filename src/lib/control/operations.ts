import { untilAborted } from '../clock.ts';
import type { Compute, SizeRange } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import type { StartOptions } from './start-options.ts';
import { destroy } from './destroy.ts';
import { setCompute, type SetOptions } from './set-compute.ts';
import { NEVER, outcome, type OnProgress, type OperationOutcome } from './outcome.ts';
import { createPoolOperations, type PoolOperations } from './pool/pool-operations.ts';
import { createProjectOperations, type ProjectOperations } from './project-operations.ts';
import { resizeByRequest } from './resize-by-request.ts';
import { resumeByRequest } from './resume-by-request.ts';
import { createNameQueues } from './name-queues.ts';
import { createSessionOperations, type SessionOperations } from './session-operations.ts';
import { createSnapshotOperations, type SnapshotOperations } from './snapshot-operations.ts';
import { start } from './start.ts';
import { restart, suspend, type SuspendOptions } from './suspend-by-request.ts';

/**
 * What people ask for. Every one is idempotent, and goes on when who asked has left (`gone`) unless it still waits for its
 * turn on a full host.
 */
export interface Operations extends SnapshotOperations, PoolOperations, SessionOperations, ProjectOperations {
  start(
    project: string,
    name: string,
    options: StartOptions,
    onProgress: OnProgress,
    gone?: AbortSignal,
  ): Promise<OperationOutcome>;
  /** Resolves when nothing makes a compute of this name: until then it may not even be on record. */
  untilMade(project: string, name: string, signal: AbortSignal): Promise<void>;
  /** Resolves when nothing is under way with the compute of this name, if there is one. */
  untilQuiet(project: string, name: string, signal: AbortSignal): Promise<void>;
  suspend(project: string, name: string, options: SuspendOptions, onProgress: OnProgress): Promise<OperationOutcome>;
  resume(project: string, name: string, onProgress: OnProgress, gone?: AbortSignal): Promise<OperationOutcome>;
  restart(
    project: string,
    name: string,
    options: { readonly force?: boolean },
    onProgress: OnProgress,
    gone?: AbortSignal,
  ): Promise<OperationOutcome>;
  resize(project: string, name: string, size: SizeRange, onProgress: OnProgress): Promise<OperationOutcome>;
  /** Settings that take effect without a restart. */
  set(project: string, name: string, options: SetOptions): Promise<OperationOutcome>;
  destroy(
    project: string,
    name: string,
    options: { readonly purge?: boolean },
    onProgress: OnProgress,
  ): Promise<OperationOutcome>;
}

export function createOperations(core: Core): Operations {
  const names = createNameQueues();

  function find(project: string, name: string): Compute {
    const compute = core.store.findCompute(project, name);
    if (compute !== null) return compute;
    throw new DozeError('COMPUTE_NOT_FOUND', `there is no compute "${name}" in project "${project}"`);
  }

  async function destroyByRequest(
    project: string,
    name: string,
    { purge = false }: { readonly purge?: boolean },
    onProgress: OnProgress,
  ): Promise<OperationOutcome> {
    const compute = core.store.findCompute(project, name) ?? core.store.findRestorable(project, name);
    const gone = compute === null ? core.store.findDestroyed(project, name) : null;
    if (gone !== null) return outcome(gone, 'unchanged', `"${name}" was already destroyed, and its data deleted`);
    const { id, lease = null } = compute ?? find(project, name);
    // Nobody counts on the data of an ephemeral one.
    const isPurge = purge || lease !== null;
    const before = core.journal.require(id);
    const after = await core.cells
      .of(id)
      .queue.run(() => destroy(core, core.journal.require(id), { isPurge }, onProgress));
    if (before.state === 'destroyed' && !isPurge) return outcome(after, 'unchanged', `"${name}" was already destroyed`);
    return outcome(after, isPurge ? 'purged' : 'destroyed');
  }

  return {
    ...createProjectOperations(core, (project, name, purge, onProgress) =>
      destroyByRequest(project, name, { purge }, onProgress),
    ),
    ...createSnapshotOperations(core, find, names),
    ...createPoolOperations(core),
    ...createSessionOperations(core),
    start: (project, name, options, onProgress, gone = NEVER) =>
      names.run(project, name, () => start(core, project, name, options, { onProgress, gone })),
    untilMade: (project, name, signal) => names.idle(project, name, signal),
    async untilQuiet(project, name, signal) {
      await names.idle(project, name, signal);
      const compute = core.store.findCompute(project, name);
      const queue = compute === null ? null : core.cells.of(compute.id).queue;
      while (queue?.isBusy === true)
        await untilAborted(
          queue.run(() => Promise.resolve()),
          signal,
        );
    },
    async suspend(project, name, options, onProgress) {
      const { id } = find(project, name);
      return core.cells.of(id).queue.run(() => suspend(core, id, options, onProgress));
    },
    resume: async (project, name, onProgress, gone = NEVER) =>
      resumeByRequest(core, find(project, name), { onProgress, gone }),
    async restart(project, name, options, onProgress, gone = NEVER) {
      return restart(core, find(project, name).id, options.force ?? false, { onProgress, gone });
    },
    async resize(project, name, size, onProgress) {
      const { id } = find(project, name);
      return core.cells.of(id).queue.run(() => resizeByRequest(core, id, size, onProgress));
    },
    async set(project, name, options) {
      const { id } = find(project, name);
      return setCompute(core, id, options);
    },
    destroy: destroyByRequest,
  };
}
