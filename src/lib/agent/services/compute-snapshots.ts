import { snapshotView, type ComputeSnapshotServices, type SnapshotResult } from '../../api/index.ts';
import type { Operations } from '../../control/index.ts';
import type { Snapshot } from '../../domain/index.ts';
import type { AgentCore } from '../running.ts';
import type { RunOperation } from './operations.ts';

/** Snapshots of computes on volumes. */
export function createComputeSnapshotServices(core: AgentCore, run: RunOperation): ComputeSnapshotServices {
  async function operations(): Promise<Operations> {
    const { control, reconciled } = await core.running;
    await reconciled;
    return control.operations;
  }
  const result = (
    path: { readonly project: string; readonly name: string },
    snapshot: Snapshot,
    action: SnapshotResult['action'],
    notes: readonly string[],
  ): SnapshotResult => ({ ...snapshotView(snapshot, path), action, notes: [...notes] });

  return {
    async list(project, name) {
      const { control } = await core.running;
      return control.operations
        .listSnapshots(project, name)
        .map((snapshot) => snapshotView(snapshot, { project, name }));
    },
    async create(project, name, request, onProgress) {
      const control = await operations();
      const { snapshot, notes } = await control.createSnapshot(project, name, request.name ?? null, onProgress);
      return result({ project, name }, snapshot, 'created', notes);
    },
    restore: (project, name, snapshot, onProgress, gone) =>
      run((control) => control.restoreSnapshot(project, name, snapshot, onProgress, gone)),
    async delete(project, name, snapshot) {
      const control = await operations();
      return result({ project, name }, await control.deleteSnapshot(project, name, snapshot), 'deleted', []);
    },
  };
}
