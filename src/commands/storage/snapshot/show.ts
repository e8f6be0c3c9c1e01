import { string as argument } from '@oclif/core/args';

import { BaseCommand, storageArgument } from '../../../lib/cli/index.ts';
import { snapshotTable } from '../../../lib/cli/views/index.ts';
import { parseName } from '../../../lib/domain/index.ts';

export default class StorageSnapshotShow extends BaseCommand {
  static override summary = 'show one snapshot of a Page Server';
  static override examples = ['doze storage snapshot show ps-main 7'];
  static override args = {
    name: storageArgument,
    id: argument({ description: 'id of the snapshot', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.open(StorageSnapshotShow);
    const api = await this.api();
    const snapshot = await api.storage.snapshots.show(parseName(args.name, 'storage service'), args.id, this.call);
    this.output.result(snapshot, snapshotTable([snapshot], this.output));
  }
}
