import { string } from '@oclif/core/flags';

import { BaseCommand, computeArgument, confirmName, snapshotArgument } from '../../../lib/cli/index.ts';
import { parseName } from '../../../lib/domain/index.ts';

export default class ComputeSnapshotDelete extends BaseCommand {
  static override summary = 'delete a snapshot of a compute';
  static override description =
    'The compute and its clones are not touched. On a terminal it asks for the name of the snapshot; elsewhere --confirm has ' +
    'to give it.';
  static override examples = ['doze compute snapshot delete shop before-migration --confirm before-migration'];
  static override args = { name: computeArgument, snapshot: snapshotArgument };
  static override flags = {
    confirm: string({
      description: 'name of the snapshot again, instead of being asked for it',
      helpValue: 'SNAPSHOT',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeSnapshotDelete);
    const name = this.computeName(args.name);
    const snapshot = parseName(args.snapshot, 'snapshot');
    await confirmName({
      doing: `deleting snapshot "${snapshot}" of "${name}"`,
      name: snapshot,
      consequence: `Snapshot "${snapshot}" of "${name}" is about to be deleted for good.`,
      given: flags.confirm,
      command: `doze compute snapshot delete ${name} ${snapshot} --confirm ${snapshot}`,
      isTerminal: this.isInteractive,
      signal: this.signal,
    });
    const api = await this.api();
    const result = await this.progress.run(`Deleting ${snapshot}`, () =>
      api.computes.snapshots.delete(this.project, name, snapshot, this.call),
    );
    this.output.result(result, `snapshot ${snapshot} of ${name} deleted`);
  }
}
