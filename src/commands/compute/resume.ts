import { BaseCommand, computeArgument } from '../../lib/cli/index.ts';
import { operationJson, operationText } from '../../lib/cli/views/index.ts';

export default class ComputeResume extends BaseCommand {
  static override summary = 'wake a compute now, or try a failed one again';
  static override examples = [{ description: 'before the first client comes', command: 'doze compute resume shop' }];
  static override args = { name: computeArgument };

  async run(): Promise<void> {
    const { args } = await this.open(ComputeResume);
    const name = this.computeName(args.name);
    this.interrupt.explain(`interrupted; the agent goes on resuming "${name}"`, `doze compute wait ${name}`);
    const api = await this.api();
    const result = await this.progress.run(`Resuming ${name}`, (report) =>
      api.computes.resume(this.project, name, {}, report, this.call),
    );
    for (const note of result.notes) this.output.note(note);
    this.output.result(operationJson(result), operationText(result));
  }
}
