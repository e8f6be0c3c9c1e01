import { string } from '@oclif/core/args';

import { BaseCommand } from '../../lib/cli/index.ts';
import { LOCAL_CONTEXT } from '../../lib/config/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

export default class ContextRemove extends BaseCommand {
  static override summary = 'forget an agent on another machine, and its token; nothing changes there';
  static override description = 'The token itself stays valid until it expires or is revoked: `doze token revoke`.';
  static override examples = ['doze context remove prod'];
  static override args = {
    name: string({ description: 'name of the context', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.open(ContextRemove);
    if (args.name === LOCAL_CONTEXT) {
      throw new DozeError('STATE_CONFLICT', `"${LOCAL_CONTEXT}" is the agent of this machine, and stays`, {
        hint: 'doze context list',
      });
    }
    const { name, url } = this.contexts.require(args.name);
    await this.contexts.remove(name);
    const stored = this.configuration.resolve('context');
    const wasCurrent = stored.source === 'stored' && stored.value === name;
    if (wasCurrent) await this.configuration.unset('context');
    this.output.result({ name, url, removed: true }, `${name} is forgotten`);
    if (wasCurrent) this.output.note('Commands talk to this machine again.');
  }
}
