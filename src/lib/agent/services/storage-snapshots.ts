import type { StorageServices } from '../../api/index.ts';
import { DozeError } from '../../errors/index.ts';
import { withSnapshots, type Snapshots } from '../../storage/index.ts';
import type { AgentCore } from '../running.ts';

/** Passes on to the Page Server; nothing is kept here. */
export function createSnapshotServices({ store, clock }: AgentCore): StorageServices['snapshots'] {
  const at = <Result>(name: string, use: (snapshots: Snapshots) => Promise<Result>): Promise<Result> => {
    const found = store.listStorageServices().find(({ service }) => service.name === name);
    if (found === undefined) {
      throw new DozeError('STORAGE_NOT_FOUND', `no storage service "${name}" is registered`);
    }
    return withSnapshots(found.service, found.credential, () => clock.monotonicMs(), use);
  };
  return {
    list: async (name, signal) => at(name, async (snapshots) => [...(await snapshots.list(signal))]),
    show: async (name, id, signal) => at(name, (snapshots) => snapshots.show(id, signal)),
    create: async (name, { lsn = null, description = '' }, signal) =>
      at(name, (snapshots) => snapshots.create(lsn, description, signal)),
  };
}
