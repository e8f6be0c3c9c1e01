import { BaseCommand } from '../../lib/cli/index.ts';
import { poolTable } from '../../lib/cli/views/index.ts';

export default class PoolShow extends BaseCommand {
  static override summary = 'show the warm pools: how many spares are ready, and what keeps a pool from being full';
  static override examples = ['doze pool show', { description: 'for a script', command: 'doze pool show --json' }];

  async run(): Promise<void> {
    await this.open(PoolShow);
    const api = await this.api();
    const pools = await api.pools.list(this.call);
    const { paint, width } = this.output;
    this.output.result(pools, poolTable(pools, { paint, width }));
    for (const { problem } of pools) {
      if (problem !== null) this.tip(`${problem.message}${problem.hint === null ? '' : `; type: ${problem.hint}`}`);
    }
    if (pools.length === 0) this.tip('None: doze pool set 2');
  }
}
