import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';

import { BaseCommand } from '../../lib/cli/index.ts';
import { poolSentence } from '../../lib/cli/views/index.ts';
import { checkPoolSize } from '../../lib/domain/index.ts';

export default class PoolSet extends BaseCommand {
  static override summary = 'say how many spares wait for new computes, so that those start sooner';
  static override description =
    'A spare is an instance that belongs to nobody yet: parked, its memory free, with an empty database on the disk. A new ' +
    'compute of the same image takes one, whatever its name, size, user and database; another is made behind it, while ' +
    'nobody waits for a start. Spares are no computes: they are not listed, and cost nothing but their room on the disk.';
  static override examples = [
    { description: 'two spares for what a new compute gets', command: 'doze pool set 2' },
    { description: 'for computes of another image', command: 'doze pool set 1 --image mariadb:11.4' },
    { description: 'no pool', command: 'doze pool set 0' },
  ];
  static override args = {
    size: argument({ description: 'number of spares; 0 for no pool', required: true, ignoreStdin: true }),
  };
  static override flags = {
    image: string({ description: 'image of the spares, if not the one that a new compute gets', helpValue: 'IMAGE' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(PoolSet);
    const size = checkPoolSize(/^\d+$/.test(args.size) ? Number(args.size) : args.size);
    const { image } = flags;
    this.interrupt.explain('the agent goes on', 'doze pool show');
    const api = await this.api();
    const pool = await this.progress.run('Setting the pool', (report) =>
      api.pools.set({ size, ...(image !== undefined && { image }) }, report, this.call),
    );
    this.output.result(pool, poolSentence(pool));
    if (size > 0) this.tip('Next: doze pool show');
  }
}
