import { string } from '@oclif/core/args';

import { BaseCommand, computeArgument } from '../../lib/cli/index.ts';
import { operationJson, operationText } from '../../lib/cli/views/index.ts';
import { parseSizeRange } from '../../lib/domain/index.ts';

export default class ComputeResize extends BaseCommand {
  static override summary = 'give a compute another size, or a range for a size by load';
  static override description =
    'An active compute is resized while its clients go on; one that sleeps has the new size when it wakes. With a range it ' +
    'grows at once when its CPU, memory or cache asks for more, and shrinks when less was enough for a while. ' +
    '`doze compute events` has each change with the numbers that asked for it.';
  static override examples = [
    { description: 'two vCPUs and 8 GiB', command: 'doze compute resize shop 2' },
    { description: 'by its load', command: 'doze compute resize shop 0.25-2' },
  ];
  static override args = {
    name: computeArgument,
    size: string({
      description: 'compute units in steps of 0.25, or a range such as 0.25-2',
      required: true,
      ignoreStdin: true,
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.open(ComputeResize);
    const name = this.computeName(args.name);
    const size = parseSizeRange(args.size);
    this.interrupt.explain(`the agent goes on resizing "${name}"`, `doze compute show ${name}`);
    const api = await this.api();
    const result = await this.progress.run(`Resizing ${name}`, (report) =>
      api.computes.resize(this.project, name, { size }, report, this.call),
    );
    this.noteAll(result);
    this.output.result(operationJson(result), operationText(result));
  }
}
