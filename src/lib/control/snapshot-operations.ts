import type { Compute, Snapshot } from '../domain/index.ts';
import { clone, notesOf, type CloneOptions } from './clone.ts';
import type { Core } from './core.ts';
import { snapshotsOf } from './find-snapshot.ts';
import type { NameQueues } from './name-queues.ts';
import { NEVER, outcome, type OnProgress, type OperationOutcome } from './outcome.ts';
import { restoreSnapshot } from './restore-snapshot.ts';
import { settle } from './settle.ts';
import { deleteSnapshot, takeSnapshot } from './snapshot-by-request.ts';
import { resumeInTurn } from './resume-in-turn.ts';
import { resume } from './resume.ts';

/** What people ask for that has to do with copies of a compute's data. */
export interface SnapshotOperations {
  /** @param at name of a snapshot of the source; null for the source as it is now */
  clone(
    project: string,
    source: string,
    request: CloneOptions,
    onProgress: OnProgress,
    gone?: AbortSignal,
  ): Promise<OperationOutcome>;
  /** @param snapshot null for a name made from the time */
  createSnapshot(
    project: string,
    name: string,
    snapshot: string | null,
    onProgress: OnProgress,
  ): Promise<SnapshotOutcome>;
  /** Oldest first; also of one that is destroyed and whose data is kept. */
  listSnapshots(project: string, name: string): readonly Snapshot[];
  /** Ends every session. The compute is awake afterwards. */
  restoreSnapshot(
    project: string,
    name: string,
    snapshot: string,
    onProgress: OnProgress,
    gone?: AbortSignal,
  ): Promise<OperationOutcome>;
  deleteSnapshot(project: string, name: string, snapshot: string): Promise<Snapshot>;
}

/** Of an ephemeral compute nothing is left, unless somebody sees to that in time. */
function snapshotNotes({ name, lease = null }: Compute, snapshot: Snapshot): string[] {
  if (lease === null) return [];
  const waysOut = `doze compute set ${name} --keep, or doze compute clone ${name} NAME --at ${snapshot.name}`;
  return [`"${name}" is ephemeral: its snapshots are deleted with it (to keep the data: ${waysOut})`];
}

export type FindCompute = (project: string, name: string) => Compute;

export interface SnapshotOutcome {
  readonly snapshot: Snapshot;
  readonly notes: readonly string[];
}

export function createSnapshotOperations(core: Core, find: FindCompute, names: NameQueues): SnapshotOperations {
  const inQueue = <Result>(id: string, run: () => Promise<Result>): Promise<Result> => core.cells.of(id).queue.run(run);
  return {
    clone: (project, source, options, onProgress, gone = NEVER) =>
      names.run(project, options.name, () =>
        clone(core, { ...options, project, source: find(project, source) }, { onProgress, gone }),
      ),
    async createSnapshot(project, name, snapshot, onProgress) {
      const { id } = find(project, name);
      const taken = await inQueue(id, () => takeSnapshot(core, id, snapshot, onProgress));
      const notes = taken.copied === null ? [] : notesOf({ copied: taken.copied });
      return { snapshot: taken, notes: [...notes, ...snapshotNotes(core.journal.require(id), taken)] };
    },
    listSnapshots(project, name) {
      const compute = core.store.findCompute(project, name) ?? core.store.findRestorable(project, name);
      return snapshotsOf(core, (compute ?? find(project, name)).id);
    },
    async restoreSnapshot(project, name, snapshot, onProgress, gone = NEVER) {
      const request = { cause: 'resume', askedAtMs: core.clock.monotonicMs(), onProgress, gone } as const;
      const { id } = find(project, name);
      const active = await inQueue(id, async () => {
        const compute = await settle(core, id, onProgress);
        using place = core.room.keep(compute);
        await restoreSnapshot(core, compute, snapshot, onProgress);
        return await resume(core, id, { ...request, place });
      });
      return outcome(active ?? (await resumeInTurn(core, id, request)), 'restored');
    },
    async deleteSnapshot(project, name, snapshot) {
      const { id } = find(project, name);
      return inQueue(id, () => deleteSnapshot(core, id, snapshot));
    },
  };
}
