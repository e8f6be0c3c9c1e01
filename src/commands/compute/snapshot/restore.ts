import { string } from '@oclif/core/flags';

import { BaseCommand, computeArgument, confirmName, snapshotArgument } from '../../../lib/cli/index.ts';
import { operationJson } from '../../../lib/cli/views/index.ts';
import { formatDuration, parseName } from '../../../lib/domain/index.ts';

export default class ComputeSnapshotRestore extends BaseCommand {
  static override summary = 'put a compute back to a snapshot';
  static override description =
    'Everything written since is lost, and every session is closed. The snapshot stays. On a terminal it asks for the name ' +
    'of the compute; elsewhere --confirm has to give it.';
  static override examples = [
    { description: 'in a script', command: 'doze compute snapshot restore shop before-migration --confirm shop' },
    { description: 'keep what is there now', command: 'doze compute snapshot create shop' },
  ];
  static override args = { name: computeArgument, snapshot: snapshotArgument };
  static override flags = {
    confirm: string({ description: 'the name again, instead of being asked for it', helpValue: 'NAME' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeSnapshotRestore);
    const name = this.computeName(args.name);
    const snapshot = parseName(args.snapshot, 'snapshot');
    await confirmName({
      doing: `putting "${name}" back to snapshot "${snapshot}"`,
      name,
      consequence: `"${name}" is about to be put back to snapshot "${snapshot}". What was written since is lost.`,
      given: flags.confirm,
      command: `doze compute snapshot restore ${name} ${snapshot} --confirm ${name}`,
      isTerminal: this.isInteractive,
      signal: this.signal,
    });
    this.interrupt.explain(`the agent goes on putting "${name}" back`, `doze compute show ${name}`);
    const api = await this.api();
    const result = await this.progress.run(`Putting ${name} back to ${snapshot}`, (report) =>
      api.computes.snapshots.restore(this.project, name, snapshot, report, this.call),
    );
    this.noteAll(result);
    const text = `${name} is as it was at ${snapshot}, after ${formatDuration(result.tookMs)}`;
    this.output.result(operationJson(result), text);
  }
}
