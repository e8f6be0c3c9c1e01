import { string } from '@oclif/core/flags';

import { BaseCommand, computeArgument, parseChoice } from '../../lib/cli/index.ts';
import { stateText } from '../../lib/cli/views/index.ts';
import { STATES } from '../../lib/domain/index.ts';

export default class ComputeWait extends BaseCommand {
  static override summary = 'wait until a compute is in a state; never wakes it';
  static override description =
    'Without --state it waits until the compute is no longer on its way from one state to another. Gives up after ' +
    '--timeout, 60 seconds if left out.';
  static override examples = [
    {
      description: 'until it fell asleep by itself',
      command: 'doze compute wait shop --state suspended --timeout 10m',
    },
  ];
  static override args = { name: computeArgument };
  static override flags = {
    state: string({ description: 'active, suspended, failed, destroyed ...', helpValue: 'STATE' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeWait);
    const name = this.computeName(args.name);
    const query = {
      ...(flags.state !== undefined && { state: parseChoice(flags.state, 'state', STATES) }),
      ...(this.timeoutMs !== null && { timeoutSeconds: this.timeoutMs / 1000 }),
    };
    this.interrupt.explain(null, `doze compute show ${name}`);
    const api = await this.api();
    const compute = await this.progress.run(`Waiting for ${name}`, () =>
      api.computes.wait(this.project, name, query, { signal: this.signal }),
    );
    this.output.result(compute, `${name} is ${stateText(compute)}`);
  }
}
