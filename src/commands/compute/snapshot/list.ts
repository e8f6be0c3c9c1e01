import { BaseCommand, computeArgument } from '../../../lib/cli/index.ts';
import { computeSnapshotTable } from '../../../lib/cli/views/index.ts';

export default class ComputeSnapshotList extends BaseCommand {
  static override summary = 'list the snapshots of a compute';
  static override description =
    'Consistency says what was copied: `clean` is of a server that was shut down, `consistent` of one that ran, with its ' +
    'writes held, `crash-consistent` of one that slept frozen; the first start of the latter two recovers from the log.';
  static override examples = ['doze compute snapshot list shop'];
  static override args = { name: computeArgument };

  async run(): Promise<void> {
    const { args } = await this.open(ComputeSnapshotList);
    const name = this.computeName(args.name);
    const api = await this.api();
    const snapshots = await api.computes.snapshots.list(this.project, name, this.call);
    this.output.result(snapshots, computeSnapshotTable(snapshots, this.output));
    if (snapshots.length === 0) this.tip(`None yet: doze compute snapshot create ${name}`);
  }
}
