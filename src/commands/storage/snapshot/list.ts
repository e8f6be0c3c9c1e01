import { BaseCommand, storageArgument } from '../../../lib/cli/index.ts';
import { snapshotTable } from '../../../lib/cli/views/index.ts';
import { parseName } from '../../../lib/domain/index.ts';

export default class StorageSnapshotList extends BaseCommand {
  static override summary = 'list the snapshots of a Page Server';
  static override examples = ['doze storage snapshot list ps-main'];
  static override args = { name: storageArgument };

  async run(): Promise<void> {
    const { args } = await this.open(StorageSnapshotList);
    const name = parseName(args.name, 'storage service');
    const api = await this.api();
    const snapshots = await api.storage.snapshots.list(name, this.call);
    this.output.result(snapshots, snapshotTable(snapshots, this.output));
    if (snapshots.length === 0) this.tip(`None yet: doze storage snapshot create ${name}`);
  }
}
