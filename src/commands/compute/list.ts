import { boolean } from '@oclif/core/flags';

import { BaseCommand } from '../../lib/cli/index.ts';
import { computeTable } from '../../lib/cli/views/index.ts';

export default class ComputeList extends BaseCommand {
  static override summary = 'list computes; never wakes one';
  static override examples = [
    { description: 'of all projects', command: 'doze compute list --all' },
    {
      description: 'names of those that are awake',
      command: 'doze compute list --json | jq -r \'.[]|select(.state=="active").name\'',
    },
  ];
  static override flags = {
    all: boolean({ char: 'a', description: 'of all projects' }),
    destroyed: boolean({ description: 'only destroyed ones whose data is still kept' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(ComputeList);
    const api = await this.api();
    const query = { ...(flags.all ? {} : { project: this.project }), destroyed: flags.destroyed };
    const found = await api.computes.list(query, this.call);
    const computes = flags.destroyed ? found.filter((compute) => compute.state === 'destroyed') : found;
    const { paint, width } = this.output;
    const table = computeTable(computes, {
      nowMs: this.clock.wallMs(),
      width,
      paint,
      hasProjects: flags.all,
      hasDestroyed: flags.destroyed,
    });
    this.output.result(computes, table);
    if (computes.length === 0) this.tip(flags.destroyed ? 'None.' : 'None yet: doze compute start NAME');
  }
}
