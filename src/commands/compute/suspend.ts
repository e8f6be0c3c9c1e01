import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, computeArgument } from '../../lib/cli/index.ts';
import { operationJson, operationText } from '../../lib/cli/views/index.ts';
import { parseDepth } from '../../lib/domain/index.ts';

export default class ComputeSuspend extends BaseCommand {
  static override summary = 'put a compute to sleep now';
  static override description =
    'The next connection wakes it. Deeper means less is held and a wake takes longer: frozen keeps the process and ' +
    'its memory, hibernated has that memory in swap, parked keeps only the container, stopped not even that, removed only the data.';
  static override examples = [
    { description: 'as deep as it goes by itself', command: 'doze compute suspend shop' },
    { description: 'memory kept, awake in an instant', command: 'doze compute suspend shop --depth frozen' },
  ];
  static override args = { name: computeArgument };
  static override flags = {
    depth: string({ description: 'frozen, hibernated, parked, stopped or removed', helpValue: 'DEPTH' }),
    force: boolean({ description: 'also when sessions are busy: they are closed' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeSuspend);
    const name = this.computeName(args.name);
    const request = {
      ...(flags.depth !== undefined && { depth: parseDepth(flags.depth) }),
      ...(flags.force && { force: true }),
    };
    this.interrupt.explain(`the agent goes on suspending "${name}"`, `doze compute show ${name}`);
    const api = await this.api();
    const result = await this.progress.run(`Suspending ${name}`, (report) =>
      api.computes.suspend(this.project, name, request, report, this.call),
    );
    this.noteAll(result);
    this.output.result(operationJson(result), operationText(result));
  }
}
