import { BaseCommand, computeArgument } from '../../lib/cli/index.ts';
import { operationJson, operationText } from '../../lib/cli/views/index.ts';

export default class ComputeResume extends BaseCommand {
  static override summary = 'wake a compute now, or try a failed one again';
  static override examples = [{ description: 'before the first client comes', command: 'doze compute resume shop' }];
  static override args = { name: computeArgument };

  async run(): Promise<void> {
    const { args } = await this.open(ComputeResume);
    const name = this.computeName(args.name);
    this.interrupt.explain(
      `the agent goes on resuming "${name}" unless it waited for its turn`,
      `doze compute wait ${name}`,
    );
    const api = await this.api();
    const result = await this.progress.run(`Resuming ${name}`, (report) =>
      api.computes.resume(this.project, name, {}, report, this.call),
    );
    this.noteAll(result);
    this.output.result(operationJson(result), operationText(result));
  }
}
