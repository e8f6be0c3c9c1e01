import { boolean } from '@oclif/core/flags';

import { BaseCommand, computeArgument } from '../../lib/cli/index.ts';
import { computeDetails, wakeTable } from '../../lib/cli/views/index.ts';

export default class ComputeShow extends BaseCommand {
  static override summary = 'show all about one compute, why it is awake included; never wakes it';
  static override examples = [
    { description: 'where the time of the last wake went', command: 'doze compute show shop --wake' },
  ];
  static override args = { name: computeArgument };
  static override flags = {
    'show-password': boolean({ description: 'with the password in the url' }),
    wake: boolean({ description: 'only the phases of the last start or wake' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeShow);
    const name = this.computeName(args.name);
    const api = await this.api();
    const found = await api.computes.show(this.project, name, this.call);
    const { paint, width } = this.output;
    if (flags.wake) {
      const { lastWake } = found;
      this.output.result(
        lastWake,
        lastWake === null ? `${name} has not been started yet` : wakeTable(lastWake, width, paint),
      );
      return;
    }
    const compute = flags['show-password']
      ? { ...found, url: (await api.computes.connection(this.project, name, 'owner', this.call)).url }
      : found;
    this.output.result(compute, computeDetails(compute, this.clock.wallMs(), paint));
    if (compute.sessions > 0) this.tip(`Its sessions: doze session list ${name} --all`);
  }
}
