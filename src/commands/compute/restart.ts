import { boolean } from '@oclif/core/flags';

import { BaseCommand, computeArgument } from '../../lib/cli/index.ts';
import { operationJson, operationText } from '../../lib/cli/views/index.ts';

export default class ComputeRestart extends BaseCommand {
  static override summary = 'shut the server down cleanly and start it again';
  static override examples = ['doze compute restart shop'];
  static override args = { name: computeArgument };
  static override flags = { force: boolean({ description: 'also when sessions are busy: they are closed' }) };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeRestart);
    const name = this.computeName(args.name);
    this.interrupt.explain(
      `the agent goes on restarting "${name}" unless it waited for its turn`,
      `doze compute wait ${name}`,
    );
    const api = await this.api();
    const result = await this.progress.run(`Restarting ${name}`, (report) =>
      api.computes.restart(this.project, name, flags.force ? { force: true } : {}, report, this.call),
    );
    this.noteAll(result);
    this.output.result(operationJson(result), operationText(result));
  }
}
