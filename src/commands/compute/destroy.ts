import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, computeArgument, confirmName } from '../../lib/cli/index.ts';
import { hasCode } from '../../lib/errors/index.ts';
import { operationJson, operationText } from '../../lib/cli/views/index.ts';

export default class ComputeDestroy extends BaseCommand {
  static override summary = 'end a compute; its data is kept for a while';
  static override description =
    'On a terminal it asks for the name; elsewhere --confirm has to give it. The data can be brought back with ' +
    '`doze compute start NAME --restore` until the grace period ends (`doze config get keepDestroyed`), unless it is ' +
    'purged, and with it every snapshot. That of an ephemeral compute is always purged. Data in a storage tier stays there ' +
    'either way.';
  static override examples = [
    { description: 'in a script', command: 'doze compute destroy ci-42 --confirm ci-42 --purge' },
    { description: 'data that was kept', command: 'doze compute destroy shop --confirm shop --purge' },
  ];
  static override args = { name: computeArgument };
  static override flags = {
    confirm: string({ description: 'the name again, instead of being asked for it', helpValue: 'NAME' }),
    purge: boolean({ description: 'delete the data at once' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeDestroy);
    const name = this.computeName(args.name);
    const purge = flags.purge ? ' --purge' : '';
    // What is refused in any case starts no agent.
    const isAsked = flags.confirm === name || this.isInteractive;
    const isFinal = flags.purge || (isAsked && (await this.isEphemeral(name)));
    const snapshots = isFinal ? await this.countSnapshots(name) : 0;
    if (snapshots > 0 && flags.confirm !== undefined) this.output.note(`deleting ${snapshotsText(snapshots)} with it`);
    await confirmName({
      doing: `destroying "${name}"`,
      name,
      consequence: isFinal
        ? `"${name}" is about to be destroyed, and its data${snapshots > 0 ? ` and ${snapshotsText(snapshots)}` : ''} deleted for good.`
        : `"${name}" is about to be destroyed. Its data is kept for ${this.#keptFor()}.`,
      given: flags.confirm,
      command: `doze compute destroy ${name}${purge} --confirm ${name}`,
      isTerminal: this.isInteractive,
      signal: this.signal,
    });
    this.interrupt.explain(`the agent goes on destroying "${name}"`, 'doze compute list --destroyed');
    const api = await this.api();
    const result = await this.progress.run(`Destroying ${name}`, (report) =>
      api.computes.destroy(this.project, name, flags.purge ? { purge: true } : {}, report, this.call),
    );
    this.noteAll(result);
    this.output.result(operationJson(result), operationText(result));
  }

  /** Settings of an agent elsewhere are not known here. */
  #keptFor(): string {
    return this.isRemote ? 'as long as its agent is set to' : this.configuration.resolve('keepDestroyed').text;
  }

  private async isEphemeral(name: string): Promise<boolean> {
    const api = await this.api();
    const computes = await api.computes.list({ project: this.project }, this.call);
    return computes.some((compute) => compute.name === name && compute.ephemeral);
  }

  /** Of one that is destroyed already, and of none, there are none to warn of. */
  private async countSnapshots(name: string): Promise<number> {
    const api = await this.api();
    try {
      return (await api.computes.snapshots.list(this.project, name, this.call)).length;
    } catch (error) {
      if (hasCode(error, 'COMPUTE_NOT_FOUND')) return 0;
      throw error;
    }
  }
}

function snapshotsText(count: number): string {
  return `its ${count === 1 ? 'snapshot' : `${count} snapshots`}`;
}
