import { string } from '@oclif/core/args';

import { BaseCommand } from '../../lib/cli/index.ts';
import { LOCAL_CONTEXT } from '../../lib/config/index.ts';

export default class ContextUse extends BaseCommand {
  static override summary = 'choose the agent that commands talk to from now on';
  static override description =
    'A flag (--context), DOZE_CONTEXT and a .doze.json win over it. `local` is the agent of this machine.';
  static override examples = ['doze context use prod', { description: 'back', command: 'doze context use local' }];
  static override args = {
    name: string({ description: 'name of the context', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.open(ContextUse);
    const url = args.name === LOCAL_CONTEXT ? null : this.contexts.require(args.name).url;
    const { source, origin, text } = await this.configuration.set('context', args.name);
    this.output.result(
      { name: args.name, url, current: text === args.name },
      `commands talk to ${url ?? 'this machine'}`,
    );
    if (source !== 'stored') this.output.note(`Stored, but ${origin ?? 'a flag'} wins over it.`);
  }
}
