import { boolean } from '@oclif/core/flags';

import { BaseCommand } from '../../lib/cli/index.ts';
import { tokenTable } from '../../lib/cli/views/index.ts';

export default class TokenList extends BaseCommand {
  static override summary = 'list tokens, without their secrets';
  static override examples = [
    'doze token list',
    { description: 'of one project', command: 'doze token list --project shop' },
  ];
  static override flags = {
    all: boolean({ char: 'a', description: 'also expired and revoked ones of the last 30 days' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(TokenList);
    const api = await this.api();
    const project = this.typedProject;
    const found = await api.access.tokens.list(project === null ? {} : { project }, this.call);
    const tokens = flags.all ? found : found.filter(({ state }) => state === 'valid');
    const { paint, width } = this.output;
    this.output.result(tokens, tokenTable(tokens, { paint, width }));
    if (tokens.length === 0) this.tip('None yet: doze token create NAME --role operate');
  }
}
