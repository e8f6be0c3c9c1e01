import { BaseCommand, computeArgument, optionalSnapshotArgument } from '../../../lib/cli/index.ts';
import { copyText } from '../../../lib/cli/views/index.ts';
import { parseName } from '../../../lib/domain/index.ts';

export default class ComputeSnapshotCreate extends BaseCommand {
  static override summary = 'keep the data of a compute as it is now';
  static override description =
    'A compute that sleeps stays asleep; one that is awake is frozen for the copy, and its clients wait. A snapshot is ' +
    'kept until it is deleted, or its compute is purged.';
  static override examples = [
    { description: 'before something dangerous', command: 'doze compute snapshot create shop before-migration' },
    { description: 'named after the time', command: 'doze compute snapshot create shop' },
  ];
  static override args = { name: computeArgument, snapshot: optionalSnapshotArgument };

  async run(): Promise<void> {
    const { args } = await this.open(ComputeSnapshotCreate);
    const name = this.computeName(args.name);
    const request = args.snapshot === undefined ? {} : { name: parseName(args.snapshot, 'snapshot') };
    this.interrupt.explain(`the agent goes on copying "${name}"`, `doze compute snapshot list ${name}`);
    const api = await this.api();
    const result = await this.progress.run(`Taking a snapshot of ${name}`, (report) =>
      api.computes.snapshots.create(this.project, name, request, report, this.call),
    );
    for (const note of result.notes) this.output.note(note);
    const text = this.output.isQuiet ? result.name : `snapshot ${result.name} of ${name}\n${copyText(result)}`;
    this.output.result(result, text);
    this.tip(
      `Next: doze compute snapshot restore ${name} ${result.name}, or doze compute clone ${name} NAME --at ${result.name}`,
    );
  }
}
